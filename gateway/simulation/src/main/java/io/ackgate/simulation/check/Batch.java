package io.ackgate.simulation.check;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.storage.api.PartitionId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One batch that a producer wants to see in the log once, and everything known of its attempts. */
public final class Batch {
    private final int number;
    private final PartitionId partition;
    private final Acks acks;
    private final Sequenced producer;
    private final int recordCount;
    private final long firstTimestampMillis;
    private final int crc;
    private final byte[] bytes;
    private final List<Attempt> attempts = new ArrayList<>();
    private final List<Placement> placements = new ArrayList<>();

    /** The offset above which it must stand: the greatest acknowledged when it was first sent. */
    private long floor;

    private @Nullable Placement committed;

    /**
     * Who sent a batch.
     *
     * @param producerId -1 without idempotence
     */
    public record Sequenced(long producerId, short producerEpoch, int sequence) {
        public static final Sequenced PLAIN = new Sequenced(-1, (short) -1, -1);

        boolean isIdempotent() {
            return producerId >= 0;
        }
    }

    Batch(
            int number,
            PartitionId partition,
            Acks acks,
            Sequenced producer,
            int recordCount,
            long firstTimestampMillis,
            int crc,
            byte[] bytes) {
        this.number = number;
        this.partition = partition;
        this.acks = acks;
        this.producer = producer;
        this.recordCount = recordCount;
        this.firstTimestampMillis = firstTimestampMillis;
        this.crc = crc;
        this.bytes = bytes;
    }

    public PartitionId partition() {
        return partition;
    }

    public Acks acks() {
        return acks;
    }

    public Sequenced producer() {
        return producer;
    }

    public int recordCount() {
        return recordCount;
    }

    /** Each record is a millisecond younger than the one before. */
    long timestampOf(int record) {
        return firstTimestampMillis + record;
    }

    /** The checksum of the batch itself, which no stamping changes: its identity. */
    int crc() {
        return crc;
    }

    /** A buffer of its own for one attempt, with head room. */
    public ByteBuffer frame() {
        return ByteBuffer.wrap(bytes.clone());
    }

    List<Attempt> attempts() {
        return attempts;
    }

    /** Everywhere it was ever put, committed or not. */
    List<Placement> placements() {
        return placements;
    }

    void placed(Placement placement) {
        GatewaySession by = placement.placedBy();
        Violation.unless(
                attempts.stream().anyMatch(attempt -> attempt.mayBeWrittenBy(by)),
                Invariant.NOT_WRITTEN_NEVER_APPEARS,
                () -> by + " writes " + placement + ", which it was not given, or has refused");
        placements.add(placement);
    }

    long floor() {
        return floor;
    }

    void setFloor(long offset) {
        floor = offset;
    }

    /** Where it stands for ever; null until it is committed. */
    public @Nullable Placement committed() {
        return committed;
    }

    void commit(Placement placement) {
        committed = placement;
    }

    @Override
    public String toString() {
        return producer.isIdempotent()
                ? "b%d(p%d.%d#%d x%d)"
                        .formatted(
                                number,
                                producer.producerId(),
                                producer.producerEpoch(),
                                producer.sequence(),
                                recordCount)
                : "b%d(x%d)".formatted(number, recordCount);
    }
}
