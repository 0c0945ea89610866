package io.ackgate.simulation.check;

import static io.ackgate.simulation.check.Violation.unless;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.record.BatchFrame;
import io.ackgate.record.RecordBatch;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.storage.api.PartitionId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every batch that any producer ever wanted written. */
public final class Ledger {
    private final Map<Integer, Batch> byCrc = new HashMap<>();
    private final List<Batch> batches = new ArrayList<>();
    private long lastRecordId;

    /**
     * Builds a batch whose every record has an id of its own.
     *
     * @param timestampMillis of the first record; each one is a millisecond younger than the last
     */
    public Batch create(
            PartitionId partition,
            Acks acks,
            Batch.Sequenced producer,
            int recordCount,
            int padding,
            long timestampMillis) {
        RecordBatchBuilder builder = new RecordBatchBuilder(256, 1 << 20);
        if (producer.isIdempotent()) {
            builder.producer(producer.producerId(), producer.producerEpoch(), producer.sequence());
        }
        for (int i = 0; i < recordCount; i++) {
            byte[] value = new byte[Long.BYTES + padding];
            ByteBuffer.wrap(value).putLong(0, ++lastRecordId);
            builder.append(timestampMillis + i, null, value);
        }
        ByteBuffer built = builder.buildWithHeadRoom();
        int crc = RecordBatch.crc(built, BatchFrame.batchPosition(built.position()));
        byte[] bytes = new byte[built.remaining()];
        built.get(bytes);
        Batch batch =
                new Batch(
                        batches.size() + 1,
                        partition,
                        acks,
                        producer,
                        recordCount,
                        timestampMillis,
                        crc,
                        bytes);
        if (byCrc.putIfAbsent(crc, batch) != null) {
            // Two batches of one checksum cannot be told apart by it: take the next record ids.
            return create(partition, acks, producer, recordCount, padding, timestampMillis);
        }
        batches.add(batch);
        return batch;
    }

    List<Batch> batches() {
        return batches;
    }

    @Nullable Batch byCrc(int crc) {
        return byCrc.get(crc);
    }

    /** A batch is sent, for the first time or again. */
    Attempt sent(Batch batch, long acknowledgedUpTo) {
        if (batch.attempts().isEmpty()) {
            batch.setFloor(acknowledgedUpTo);
        }
        Attempt attempt = new Attempt(batch);
        batch.attempts().add(attempt);
        return attempt;
    }

    /** A gateway has told that an attempt was not written. */
    static void refused(Attempt attempt, GatewaySession gateway) {
        Batch batch = attempt.batch();
        for (Placement placement : batch.placements()) {
            unless(
                    !placement.placedBy().equals(gateway)
                            || batch.attempts().stream().anyMatch(a -> a.mayBeWrittenBy(gateway)),
                    Invariant.NOT_WRITTEN_NEVER_APPEARS,
                    () -> gateway + " says that " + batch + " was not written: it is " + placement);
        }
    }
}
