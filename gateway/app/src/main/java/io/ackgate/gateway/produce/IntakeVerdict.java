package io.ackgate.gateway.produce;

import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.storage.api.PartitionId;
import java.util.List;

/** What became of a produce request at the door. */
sealed interface IntakeVerdict {
    /**
     * It may be written.
     *
     * @param batches one per partition, in the order of each partition's first record; 1 or more
     * @param timeoutNanos bound of the wait for acknowledgement, 0 or more
     */
    record Taken(Topic topic, List<PartitionBatch> batches, Acks acks, long timeoutNanos)
            implements IntakeVerdict {
        List<PartitionId> partitions() {
            return batches.stream().map(PartitionBatch::partition).toList();
        }

        /** Whether its timeout can run out while it waits. One of 0 is over at the start. */
        boolean canBeLate() {
            return timeoutNanos > 0;
        }

        /** Bytes of its batches, with their frames' headers; 1 or more. */
        long bytes() {
            long bytes = 0;
            for (PartitionBatch batch : batches) {
                bytes += batch.frame().remaining();
            }
            return bytes;
        }
    }

    /**
     * It may be written if the records of its only batch, which are compressed, are what the
     * batch's header says. To find that out takes time: {@link BatchIntake#open}.
     */
    record Unopened(Taken taken) implements IntakeVerdict {}

    /**
     * Nothing of it was written, and nothing will be.
     *
     * @param partitions the partition that it named, if there is one of that number
     */
    record Refused(Failure failure, List<PartitionId> partitions) implements IntakeVerdict {}
}
