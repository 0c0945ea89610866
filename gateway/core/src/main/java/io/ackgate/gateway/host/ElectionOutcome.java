package io.ackgate.gateway.host;

import io.ackgate.gateway.partition.PartitionStatus;

/** How the election of a leader that need not be in sync ended. */
public sealed interface ElectionOutcome {
    /** There is a leader, and requests are served. An in-sync replica, if one has answered. */
    record Elected(PartitionStatus status) implements ElectionOutcome {}

    /** The partition has a leader that its owner reaches: nothing was done. */
    record NotNeeded(PartitionStatus status) implements ElectionOutcome {}

    /** Nobody was elected. */
    record Failed(String detail) implements ElectionOutcome {}
}
