package io.ackgate.gateway.partition;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.storage.api.NodeId;
import java.util.List;

/** How a produce request ended. Every request ends with exactly one. */
public sealed interface ProduceOutcome {
    /** acks=0: taken into the queue; nothing more will be said. */
    record Accepted() implements ProduceOutcome {}

    /**
     * Written, as far as the caller's acks asks for.
     *
     * @param baseOffset offset of the first record; -1 when the batch is known to be in the log but
     *     too old for its offset to be remembered (DUPLICATE_SEQUENCE_NUMBER)
     * @param leaderEpoch epoch of the owner that answers
     * @param replicas the replicas known to hold the batch durably
     * @param isrSize members of the ISR
     * @param duplicate the batch was in the log already: a retry
     */
    record Written(
            long baseOffset, int leaderEpoch, List<NodeId> replicas, int isrSize, boolean duplicate)
            implements ProduceOutcome {}

    /**
     * Not fulfilled.
     *
     * @param writeStatus whether the records are in the log
     * @param detail what happened, with the numbers, and what to do
     */
    record Failed(ErrorCode error, WriteStatus writeStatus, String detail)
            implements ProduceOutcome {}
}
