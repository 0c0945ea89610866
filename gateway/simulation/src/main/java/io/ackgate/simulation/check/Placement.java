package io.ackgate.simulation.check;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.storage.api.NodeId;

/**
 * A batch at an offset, put there in an epoch. There is one object for it, whichever replicas hold
 * it.
 */
public final class Placement {
    private final int epoch;
    private final long baseOffset;
    private final long appendMillis;
    private final Batch batch;
    private final GatewaySession placedBy;
    private long acknowledgedBy;

    Placement(int epoch, long baseOffset, long appendMillis, Batch batch, GatewaySession placedBy) {
        this.epoch = epoch;
        this.baseOffset = baseOffset;
        this.appendMillis = appendMillis;
        this.batch = batch;
        this.placedBy = placedBy;
    }

    int epoch() {
        return epoch;
    }

    public long baseOffset() {
        return baseOffset;
    }

    /** When its owner appended it, by the clock that producers expire by. */
    long appendMillis() {
        return appendMillis;
    }

    long endOffset() {
        return baseOffset + batch.recordCount();
    }

    /** Timestamp of the record at an offset. */
    long timestampAt(long offset) {
        return batch.timestampOf((int) (offset - baseOffset));
    }

    Batch batch() {
        return batch;
    }

    GatewaySession placedBy() {
        return placedBy;
    }

    /** A replica has said that it holds it durably. */
    void acknowledgedBy(NodeId node) {
        acknowledgedBy |= 1L << node.value();
    }

    boolean wasAcknowledgedBy(NodeId node) {
        return (acknowledgedBy & (1L << node.value())) != 0;
    }

    int acknowledgements() {
        return Long.bitCount(acknowledgedBy);
    }

    @Override
    public String toString() {
        return batch + "@" + baseOffset + "/e" + epoch;
    }
}
