package io.ackgate.storage.engine;

import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.ReadStatus;
import io.ackgate.storage.api.StorageAnswer.Refusal;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.log.PartitionLog;
import io.ackgate.storage.log.ReadPlan;
import io.ackgate.storage.log.TimestampSearch;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reading. Only a session that has joined in the current epoch is answered: whatever else a replica
 * holds may be cut when it is reconciled.
 */
final class Queries {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    void handle(
            @Nullable Replica replica,
            StreamSession session,
            StorageRequest.Query query,
            Answers out) {
        boolean readable =
                replica != null
                        && !replica.faulty()
                        && !replica.absent()
                        && !replica.changing()
                        && replica.joined(session, query.epoch());
        switch (query) {
            case StorageRequest.Read read -> {
                StorageAnswer answer =
                        readable && replica != null
                                ? read(replica.log(), read)
                                : records(read, ReadStatus.NOT_AVAILABLE, NOTHING, 0, 0);
                out.answer(session, answer);
            }
            case StorageRequest.FindOffset find -> {
                if (readable && replica != null) {
                    find(replica, session, find, out);
                } else {
                    notAvailable(replica, session, query, out);
                }
            }
            case StorageRequest.ReadProducers read -> {
                if (readable && replica != null) {
                    PartitionLog log = replica.log();
                    out.answer(
                            session,
                            new StorageAnswer.Producers(
                                    read.partition(),
                                    read.epoch(),
                                    read.requestId(),
                                    log.logEnd(),
                                    log.producers().known()));
                } else {
                    notAvailable(replica, session, query, out);
                }
            }
        }
    }

    private static void notAvailable(
            @Nullable Replica replica,
            StreamSession session,
            StorageRequest.Query query,
            Answers out) {
        if (replica == null || replica.absent()) {
            out.answer(session, new StorageAnswer.Missing(query.partition(), query.epoch()));
        } else if (replica.faulty()) {
            replica.answerFaulty(session, query.epoch(), out);
        } else {
            Refusal objection = replica.objection(session, query.epoch());
            replica.refuse(
                    session,
                    query.epoch(),
                    objection == null ? Refusal.NOT_JOINED : objection,
                    "",
                    out);
        }
    }

    private static StorageAnswer read(PartitionLog log, StorageRequest.Read read) {
        ReadPlan.Result result;
        if (read.offset() < log.logStart() || read.offset() > log.logEnd()) {
            result = ReadPlan.Result.OUT_OF_RANGE;
        } else {
            try {
                ReadPlan plan = log.plan(read.offset(), read.maxBytes(), read.upTo());
                result = plan == null ? ReadPlan.Result.EMPTY : plan.execute();
            } catch (IOException e) {
                result = ReadPlan.Result.of(e);
            }
        }
        return records(read, result.status(), result.frames(), log.logStart(), log.logEnd());
    }

    private static StorageAnswer records(
            StorageRequest.Read read,
            ReadStatus status,
            ByteBuffer frames,
            long logStart,
            long logEnd) {
        return new StorageAnswer.Records(
                read.partition(), read.epoch(), read.requestId(), status, frames, logStart, logEnd);
    }

    private static void find(
            Replica replica, StreamSession session, StorageRequest.FindOffset find, Answers out) {
        TimestampSearch.Found found = TimestampSearch.Found.NONE;
        ReadStatus status = ReadStatus.OK;
        try {
            found = TimestampSearch.in(replica.log(), find.timestampMillis());
        } catch (IOException e) {
            // As with a read, it is the owner who knows whether another replica can repair this
            // one.
            status = ReadPlan.Result.of(e).status();
        }
        out.answer(
                session,
                new StorageAnswer.OffsetFound(
                        find.partition(),
                        find.epoch(),
                        find.requestId(),
                        status,
                        found.offset(),
                        found.timestampMillis()));
    }
}
