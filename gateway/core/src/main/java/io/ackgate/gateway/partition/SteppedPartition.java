package io.ackgate.gateway.partition;

import io.ackgate.storage.api.ProducerEntry;
import java.util.List;
import java.util.function.Consumer;

/**
 * One partition as its host sees it: stepped by inputs, each with the time, and asked how it stands
 * in between. Confined to one thread; no method blocks. {@link Partition} is the real one.
 */
public interface SteppedPartition {
    /**
     * Takes one input.
     *
     * @param nowNanos a clock that never goes back, any origin
     * @param out called with each effect, in the order in which they are to be carried out
     */
    void step(PartitionInput input, long nowNanos, Consumer<PartitionEffect> out);

    /** Whether it is not this gateway's, nor about to be: no ticks are needed. */
    boolean isIdle();

    /** Bytes of batches it holds in memory, for the bound of its gateway. Cheap. */
    long bufferedBytes();

    /** Reads that wait for records, or for a leader. Cheap. */
    default int waitingReads() {
        return 0;
    }

    /**
     * When a {@link PartitionInput.Tick} has something to do, by the clock of {@link #step}: a time
     * that is past if it may have with any, {@link Long#MAX_VALUE} if not before something else
     * happens. Cheap.
     */
    default long nextDueNanos() {
        return 0;
    }

    /** How it stands; made once for a partition that stands idle, however often it is asked for. */
    PartitionStatus status();

    /** What its owner knows of idempotent producers; nothing unless this gateway serves it. */
    default List<ProducerEntry> producers() {
        return List.of();
    }
}
