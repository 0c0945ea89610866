package io.ackgate.gateway.partition;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.storage.api.NodeId;

/** What happened to a partition and why, for logs and metrics. */
public sealed interface PartitionEvent {
    /** A takeover began in this epoch. */
    record TakeoverStarted(int epoch) implements PartitionEvent {}

    /** Leader and ISR are published; appends may start. */
    record Published(PartitionState state, long highWatermark, long logEnd)
            implements PartitionEvent {}

    /** The producer table is read and requests are served. */
    record Serving(int epoch, long tookNanos) implements PartitionEvent {}

    /** The takeover was given up. */
    record TakeoverFailed(int epoch, Cause cause, String reason) implements PartitionEvent {
        /** A takeover that failed for a reason that may pass at once. */
        public TakeoverFailed(int epoch, String reason) {
            this(epoch, Cause.OTHER, reason);
        }
    }

    /** Why a takeover was given up. */
    enum Cause {
        /** Another gateway was faster. */
        SUPERSEDED,
        /** Nobody who may lead answered within the takeover timeout. */
        OFFLINE,
        /** This gateway was told to let go. */
        RESIGNED,
        OTHER
    }

    /**
     * Nobody serves the partition, and this gateway cannot. Told when the reason is a new one, not
     * with each attempt.
     */
    record Offline(String reason) implements PartitionEvent {}

    /**
     * A replica leads that was not in sync, by an operator's word or because the topic allows it.
     *
     * @param keepsLog false if it begins with a new, empty log: all records are lost
     * @param answers what each replica answered: what only the others held is lost
     */
    record UncleanElection(
            int epoch, NodeId leader, boolean byOperator, boolean keepsLog, String answers)
            implements PartitionEvent {}

    /** This gateway leaves its epoch to the next owner. */
    record Released(int epoch) implements PartitionEvent {}

    /** A member left the ISR. */
    record IsrShrunk(NodeId node, String reason, PartitionState state) implements PartitionEvent {}

    /** A replica came (back) into the ISR. */
    record IsrExpanded(NodeId node, PartitionState state) implements PartitionEvent {}

    /** Another replica leads, in the same epoch. */
    record LeaderChanged(NodeId from, NodeId to, String reason) implements PartitionEvent {}

    /** A replica was reconciled with the leader's log. */
    record ReplicaReconciled(NodeId node, long logEnd, long truncatedFrom)
            implements PartitionEvent {}

    /** A replica cannot count until it has a new log. */
    record ReplicaLost(NodeId node, String reason) implements PartitionEvent {}

    /** A part of a replica's log is lost, and all else in it is in use. */
    record ReplicaDamaged(NodeId node, String reason) implements PartitionEvent {}

    /** A log that was damaged has been looked at again, and no part of it is lost any more. */
    record ReplicaWhole(NodeId node) implements PartitionEvent {}

    /** A storage node refused what should have fitted. */
    record ReplicaRefused(NodeId node, String reason) implements PartitionEvent {}

    /** This gateway does not own the partition any more. */
    record Stopped(int epoch, StopCause cause, String reason, int pendingRequests)
            implements PartitionEvent {
        /** An owner that was told to let go. */
        public Stopped(int epoch, String reason, int pendingRequests) {
            this(epoch, StopCause.RESIGNED, reason, pendingRequests);
        }
    }

    /** Why an owner stopped. */
    enum StopCause {
        /** A storage node has promised itself to a higher epoch. */
        FENCED,
        /** The metadata store names another owner. */
        SUPERSEDED,
        /** No replica can lead in this epoch any more. */
        LEADER_LOST,
        /** It was told to let go, or stopped itself because an invariant does not hold. */
        RESIGNED
    }

    /** An invariant does not hold: the partition stopped itself. A bug, or a corrupt replica. */
    record InvariantBroken(String detail) implements PartitionEvent {}

    /** A retry was found in the log. */
    record DuplicateFound(long producerId) implements PartitionEvent {}
}
