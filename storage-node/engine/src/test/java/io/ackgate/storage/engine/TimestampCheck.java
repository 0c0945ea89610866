package io.ackgate.storage.engine;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.RecordBatchReader;
import io.ackgate.record.UnreadableBatchException;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaStatus;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Holds searches by time against a look at every record. */
final class TimestampCheck {
    private final EngineDriver node;
    private final StreamSession session;
    private final PartitionId partition;
    private final int epoch;

    private record Stamped(long offset, long timestamp) {}

    TimestampCheck(EngineDriver node, StreamSession session, PartitionId partition, int epoch) {
        this.node = node;
        this.session = session;
        this.partition = partition;
        this.epoch = epoch;
    }

    void check(ReplicaStatus status) {
        List<Stamped> records = records(status);
        TreeSet<Long> probes = new TreeSet<>(List.of(0L, Long.MAX_VALUE));
        for (int i = 0; i < records.size(); i += 1 + records.size() / 20) {
            probes.add(records.get(i).timestamp());
            probes.add(records.get(i).timestamp() + 1);
        }
        for (long probe : probes) {
            long expected =
                    records.stream()
                            .filter(one -> one.timestamp() >= probe)
                            .mapToLong(Stamped::offset)
                            .findFirst()
                            .orElse(-1);
            StorageAnswer answer =
                    node.ask(session, new StorageRequest.ListOffset(partition, epoch, 1, probe));
            boolean right =
                    answer instanceof StorageAnswer.OffsetListed found
                            && found.status() == StorageAnswer.ReadStatus.OK
                            && found.offset() == expected;
            if (!right) {
                throw new AssertionError(
                        "timestamp %d is first at %d, but: %s".formatted(probe, expected, answer));
            }
        }
    }

    private List<Stamped> records(ReplicaStatus status) {
        List<Stamped> records = new ArrayList<>();
        long next = status.logStart();
        while (next < status.logEnd()) {
            StorageRequest read =
                    new StorageRequest.Read(partition, epoch, 1, next, 3000, Long.MAX_VALUE);
            ByteBuffer some = ((StorageAnswer.Records) node.ask(session, read)).frames();
            for (int at = some.position(); at < some.limit(); ) {
                int length = BatchFrame.frameLength(some, at);
                collect(some.slice(at, length), records);
                next = BatchFrame.lastOffset(some, at) + 1;
                at += length;
            }
        }
        return records;
    }

    private static void collect(ByteBuffer frame, List<Stamped> records) {
        try {
            RecordBatchReader reader = new RecordBatchReader(1 << 20);
            reader.reset(frame.position(BatchFrame.batchPosition(0)).slice());
            while (reader.next()) {
                records.add(new Stamped(reader.offset(), reader.timestampMillis()));
            }
        } catch (UnreadableBatchException e) {
            throw new AssertionError(e);
        }
    }
}
