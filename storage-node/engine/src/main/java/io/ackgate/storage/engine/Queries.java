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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reading. Only a session that has reconciled in the current epoch is answered: whatever else a
 * replica holds may be cut when it is reconciled.
 */
final class Queries {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Lookups lookups;
    private final DamagedLogs damaged;

    Queries(Lookups lookups, DamagedLogs damaged) {
        this.lookups = lookups;
        this.damaged = damaged;
    }

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
                        && replica.reconciled(session, query.epoch());
        switch (query) {
            case StorageRequest.Read read -> {
                if (readable && replica != null && lookups.hasRoom()) {
                    read(replica, session, read, out);
                } else {
                    out.answer(session, notAvailable(read));
                }
            }
            case StorageRequest.ListOffset find -> {
                if (readable && replica != null && lookups.hasRoom()) {
                    lookups.add(session, new FindWork(replica, session, find));
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
                    objection == null ? Refusal.NOT_RECONCILED : objection,
                    "",
                    out);
        }
    }

    private void read(
            Replica replica, StreamSession session, StorageRequest.Read read, Answers out) {
        PartitionLog log = replica.log();
        ReadPlan.Result result = ReadPlan.Result.OUT_OF_RANGE;
        if (read.offset() >= log.logStart() && read.offset() <= log.logEnd()) {
            try {
                ReadPlan plan = log.plan(read.offset(), read.maxBytes(), read.upTo());
                if (plan != null) {
                    lookups.add(session, new ReadWork(replica, session, read, plan));
                    return;
                }
                result = ReadPlan.Result.EMPTY;
            } catch (IOException e) {
                result = ReadPlan.Result.of(e);
            }
        }
        out.answer(session, found(replica, read, result, log));
    }

    private StorageAnswer found(
            Replica replica, StorageRequest.Read read, ReadPlan.Result result, PartitionLog log) {
        noteCorrupt(replica, log, result.status(), read.offset(), "a read from " + read.offset());
        return records(read, result, log);
    }

    private void noteCorrupt(
            Replica replica, PartitionLog log, ReadStatus status, long offset, String what) {
        if (status == ReadStatus.CORRUPT) {
            String detail = what + " came to bytes that are not what they were";
            damaged.readCorrupt(replica, log, offset, detail);
        }
    }

    private static StorageAnswer notAvailable(StorageRequest.Read read) {
        return records(read, ReadStatus.NOT_AVAILABLE, NOTHING, 0, 0);
    }

    private static StorageAnswer records(
            StorageRequest.Read read, ReadPlan.Result result, PartitionLog log) {
        return records(read, result.status(), result.frames(), log.logStart(), log.logEnd());
    }

    /** A read on its way through a reader's thread. */
    private final class ReadWork implements Lookup.Work {
        private final Asker asker;
        private final StorageRequest.Read read;
        private final ReadPlan plan;
        private ReadPlan.@Nullable Result result;

        ReadWork(Replica replica, StreamSession session, StorageRequest.Read read, ReadPlan plan) {
            this.asker = new Asker(replica, session);
            this.read = read;
            this.plan = plan;
        }

        @Override
        public void run() {
            result = plan.execute();
        }

        @Override
        public void done(Answers out) {
            PartitionLog log = asker.log();
            StorageAnswer answer;
            if (log == null) {
                answer = notAvailable(read);
            } else if (read.offset() < log.logStart()) {
                // Retention has passed it meanwhile, and may have taken the file away.
                answer = records(read, ReadPlan.Result.OUT_OF_RANGE, log);
            } else {
                answer = found(asker.replica(), read, Objects.requireNonNull(result), log);
            }
            out.answer(asker.session(), answer);
        }
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

    /** A search by time on its way through a reader's thread. */
    private final class FindWork implements Lookup.Work {
        private final Asker asker;
        private final StorageRequest.ListOffset find;
        private final TimestampSearch search;
        private final long logStart;
        private TimestampSearch.Found found = TimestampSearch.Found.NONE;
        private ReadStatus status = ReadStatus.OK;

        FindWork(Replica replica, StreamSession session, StorageRequest.ListOffset find) {
            this.asker = new Asker(replica, session);
            this.find = find;
            this.search = replica.log().search(find.timestampMillis());
            this.logStart = replica.log().logStart();
        }

        @Override
        public void run() {
            try {
                found = search.run();
            } catch (IOException e) {
                // As with a read, it is the owner who knows whether another replica can repair
                // this one.
                status = ReadPlan.Result.of(e).status();
            }
        }

        @Override
        public void done(Answers out) {
            PartitionLog log = asker.log();
            if (log == null) {
                notAvailable(asker.replica(), asker.session(), find, out);
            } else if (log.logStart() > logStart && found.offset() < log.logStart()) {
                // Retention has taken away what was looked at.
                lookups.add(asker.session(), new FindWork(asker.replica(), asker.session(), find));
            } else {
                String what = "a search for time " + find.timestampMillis();
                // It does not tell where it came to them.
                noteCorrupt(asker.replica(), log, status, log.logEnd() - 1, what);
                out.answer(
                        asker.session(),
                        new StorageAnswer.OffsetListed(
                                find.partition(),
                                find.epoch(),
                                find.requestId(),
                                status,
                                found.offset(),
                                found.timestampMillis()));
            }
        }
    }
}
