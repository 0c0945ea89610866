package io.ackgate.gateway.partition;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageRequest;
import org.jspecify.annotations.Nullable;

/** What a partition asks of the world. Carried out in the order emitted. */
public sealed interface PartitionEffect {
    /** Send to a node on its stream; dropped if that stream is not the open one any more. */
    record Send(NodeId node, long stream, StorageRequest request) implements PartitionEffect {}

    /**
     * Ask a node for records, as {@link Send} would; may wait until others have been answered.
     *
     * @param replica which lacks them, and may be read fewer bytes at a time; null when they are
     *     for a consumer. {@link ReadBackEnded} follows in any case, at the latest when the stream
     *     to one of the two nodes ends
     * @param token of the consumer's request; 0 when they are for a replica
     */
    record Read(
            NodeId node,
            long stream,
            StorageRequest.Read request,
            @Nullable NodeId replica,
            long token)
            implements PartitionEffect {
        /** The same read, that brings no more than so many bytes, or one batch. */
        public Read ofAtMost(int maxBytes) {
            if (request.maxBytes() <= maxBytes) {
                return this;
            }
            var smaller =
                    new StorageRequest.Read(
                            request.partition(),
                            request.epoch(),
                            request.requestId(),
                            request.offset(),
                            maxBytes,
                            request.upTo());
            return new Read(node, stream, smaller, replica, token);
        }
    }

    /**
     * The replica holds what was read for it, or will not: whoever bounds what is under way to it
     * may let the next read go out.
     */
    record ReadBackEnded(NodeId replica, long requestId) implements PartitionEffect {}

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
