package io.ackgate.gateway.partition;

import io.ackgate.storage.api.NodeId;

/** A step of a tracked produce on its way to its outcome. */
public sealed interface ProduceStep {
    /** In the owner's queue, with its offset assigned. */
    record Queued(long baseOffset, int leaderEpoch) implements ProduceStep {}

    /** A replica has it durably. */
    record Persisted(NodeId node, boolean leader) implements ProduceStep {}

    /** Below the high watermark: readable, for ever. */
    record Committed(long highWatermark) implements ProduceStep {}
}
