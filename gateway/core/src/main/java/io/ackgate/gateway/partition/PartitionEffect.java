package io.ackgate.gateway.partition;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageRequest;

/** What a partition asks of the world. Carried out in the order emitted. */
public sealed interface PartitionEffect {
    /** Send to a node on its stream; dropped if that stream is not the open one any more. */
    record Send(NodeId node, long stream, StorageRequest request) implements PartitionEffect {}

    /**
     * Ask a node for records, as {@link Send} would; may wait until others have been answered.
     *
     * @param catchUp whether for a replica that lacks them; otherwise for a consumer
     */
    record Read(NodeId node, long stream, StorageRequest.Read request, boolean catchUp)
            implements PartitionEffect {}

    /** End a produce request. */
    record Complete(long token, ProduceOutcome outcome) implements PartitionEffect {}

    /** Tell the caller of a tracked produce; only before its {@link Complete}. */
    record Progress(long token, ProduceStep step) implements PartitionEffect {}

    /** End a fetch or a request for a position. */
    record Reply(long token, FetchOutcome outcome) implements PartitionEffect {}

    /**
     * Store {@code next} if the partition's version is {@code expectedVersion}; answered by exactly
     * one of {@link PartitionInput.CasApplied}, {@link PartitionInput.CasRefused} and {@link
     * PartitionInput.CasUnknown} with this attempt.
     */
    record CompareAndSet(long attempt, long expectedVersion, PartitionState next)
            implements PartitionEffect {}

    /** Something an operator wants to know: logged and counted. */
    record Happened(PartitionEvent event) implements PartitionEffect {}
}
