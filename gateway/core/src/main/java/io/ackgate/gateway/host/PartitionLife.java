package io.ackgate.gateway.host;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.SteppedPartition;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.ProducerEntry;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A partition at this gateway from its beginning until it is stopped for a bug, with what is known
 * for it alone. Whatever it throws, when it is stepped or asked, goes to its guard, who stops it:
 * it is neither stepped nor asked any more, and counts as idle. Confined to the partition's thread.
 */
final class PartitionLife {
    /** Told of what the partition throws. */
    interface Guard {
        /**
         * The partition has a bug.
         *
         * @param by the input that it was stepped with, or what it was asked for
         */
        void broke(String by, Throwable bug);
    }

    private final SteppedPartition partition;
    private final Guard guard;

    /** Another for each life. */
    final long number;

    /** The nodes of the replicas. Grows only. */
    final Set<NodeId> nodes = new HashSet<>();

    final CasDeadlines casDeadlines = new CasDeadlines();

    /** Why it is stopped; null as long as it is not. */
    private @Nullable String stopped;

    private boolean stopTaken;

    /** What it said of itself after its last step; nothing of it changes in between. */
    private long bufferedBytes;

    private int waitingReads;
    private long nextDueNanos;

    PartitionLife(long number, SteppedPartition partition, Guard guard) {
        this.number = number;
        this.partition = partition;
        this.guard = guard;
    }

    @Nullable String stopped() {
        return stopped;
    }

    /** The same, once after it has been stopped. */
    @Nullable String takeStop() {
        String why = stopTaken ? null : stopped;
        stopTaken = why != null || stopTaken;
        return why;
    }

    /** Stops it; a step that is under way still answers what it has. */
    void stop(String reason) {
        stopped = reason;
    }

    /** Steps it, unless it is stopped. */
    void step(PartitionInput input, long nowNanos, Consumer<PartitionEffect> out) {
        if (stopped != null) {
            return;
        }
        try {
            partition.step(input, nowNanos, out);
            bufferedBytes = partition.bufferedBytes();
            waitingReads = partition.waitingReads();
            nextDueNanos = partition.nextDueNanos();
        } catch (RuntimeException | Error bug) {
            guard.broke(input.getClass().getSimpleName(), bug);
        }
    }

    /**
     * Has one resign that is stopped, so that it answers what it has.
     *
     * @return what it throws then; null if it does not
     */
    @Nullable Throwable resign(String reason, long nowNanos, Consumer<PartitionEffect> out) {
        try {
            partition.step(new PartitionInput.Resign(reason), nowNanos, out);
            return null;
        } catch (RuntimeException | Error again) {
            return again;
        }
    }

    boolean isIdle() {
        return stopped != null || partition.isIdle();
    }

    long bufferedBytes() {
        return stopped == null ? bufferedBytes : 0;
    }

    int waitingReads() {
        return stopped == null ? waitingReads : 0;
    }

    /** Of one that is not idle. */
    long nextDueNanos() {
        return nextDueNanos;
    }

    /** How it stands; if it is stopped, be it for this question, only what was stored is known. */
    PartitionStatus status(@Nullable PartitionState stored) {
        return ask(
                "status",
                partition::status,
                PartitionStatus.notOwner(PartitionStatus.Phase.IDLE, stored, List.of()));
    }

    /** What its owner knows of idempotent producers; nothing if it is stopped. */
    List<ProducerEntry> producers() {
        return ask("producers", partition::producers, List.of());
    }

    private <T> T ask(String question, Supplier<T> answer, T ofStopped) {
        try {
            return stopped == null ? answer.get() : ofStopped;
        } catch (RuntimeException | Error bug) {
            guard.broke(question, bug);
            return ofStopped;
        }
    }
}
