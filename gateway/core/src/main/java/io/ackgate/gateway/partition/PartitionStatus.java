package io.ackgate.gateway.partition;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partition as its gateway sees it, for the admin API, metrics and the simulation's checks.
 *
 * @param state last state known to be committed; null before any was seen
 * @param committedUpTo offset below which everything is committed, as far as the owner knows; -1
 *     unless this is the owner
 * @param highWatermark the same once it is all that is committed, which a new owner does not know
 *     before it has committed what its leader held at the start; -1 until then, and unless this is
 *     the owner
 * @param logEnd offset of the next record; -1 while the high watermark is
 * @param pendingBytes bytes that the ISR does not hold yet
 * @param answers what the replicas answered to the fence of the present takeover, or of the last
 *     one if it failed; empty for an owner
 */
public record PartitionStatus(
        Phase phase,
        @Nullable PartitionState state,
        long committedUpTo,
        long highWatermark,
        long logEnd,
        long pendingBytes,
        List<Replica> replicas,
        List<ReplicaAnswer> answers) {

    /** The status at a gateway that is not the owner. */
    public static PartitionStatus notOwner(
            Phase phase, @Nullable PartitionState state, List<ReplicaAnswer> answers) {
        return new PartitionStatus(phase, state, -1, -1, -1, 0, List.of(), answers);
    }

    /** How a replica answered a fence. */
    public enum Answer {
        /** Not at all: its node is not reached, or has not answered yet. */
        NONE,
        /** With the log that the partition's state names. */
        LOG,
        /** With another one: it may have lost records that it acknowledged. */
        ANOTHER_LOG,
        /** It has no log. */
        MISSING,
        /** Its log cannot be used. */
        FAULTY,
        /** It does not take the fence at the moment. */
        REFUSED
    }

    /**
     * What one replica answered.
     *
     * @param ref the replica as the partition's state names it
     * @param incarnation the log that answered, {@link Incarnation#NONE} when it has none that
     *     counts
     * @param lastEpoch the epoch of its last record; -1 when not known
     * @param logEnd its log end offset; -1 when not known
     * @param detail what is wrong with it; may be empty
     */
    public record ReplicaAnswer(
            ReplicaRef ref,
            Answer answer,
            Incarnation incarnation,
            int lastEpoch,
            long logEnd,
            String detail) {
        @Override
        public String toString() {
            String of = ref.node() + (ref.inSync() ? " (in sync) " : " ");
            return of
                    + switch (answer) {
                        case NONE -> "has not answered";
                        case LOG ->
                                "has its log, up to %d of epoch %d".formatted(logEnd, lastEpoch);
                        case ANOTHER_LOG ->
                                "has a log that may lack records, up to %d of epoch %d"
                                        .formatted(logEnd, lastEpoch);
                        case MISSING -> "has no log";
                        case FAULTY -> "has a faulty log: " + detail;
                        case REFUSED -> "refuses: " + detail;
                    };
        }
    }

    /** Where the owner stands. */
    public enum Phase {
        /** Not this gateway's. */
        IDLE,
        /** The claim of an epoch is under way. */
        CLAIMING,
        /** Replicas are being fenced. */
        FENCING,
        /** Leader and ISR are being published. */
        PUBLISHING,
        /** Published; the leader is reconciling and the producer table is read. */
        RECOVERING,
        SERVING
    }

    /** What the owner knows of a replica, and what it waits for. */
    public enum Stage {
        /** No open stream. */
        DOWN,
        /** Fence sent. */
        FENCING,
        /** Its log does not count: a new incarnation must be recorded. */
        LOST,
        /** A new incarnation is recorded, and the assignment sent. */
        ASSIGNING,
        /** Reconciliation sent. */
        RECONCILING,
        /** Refused for a reason that may pass: fence again when the pause is over. */
        PAUSED,
        /**
         * Reconciled: appends flow, from memory or, if it is far behind, from the leader's disk.
         */
        RECONCILED
    }

    /**
     * One replica.
     *
     * @param logEnd durable log end offset as acknowledged in this epoch; -1 when not known
     * @param lag records behind the owner's log end offset; -1 when not known
     */
    public record Replica(
            NodeId node, boolean leader, boolean inSync, Stage stage, long logEnd, long lag) {}
}
