package io.ackgate.gateway.partition;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.storage.api.PartitionId;

/** Makes partitions; {@code Partition::new} makes the real ones. */
@FunctionalInterface
public interface PartitionFactory {
    /**
     * An idle partition that knows no state and no stream yet.
     *
     * @param life see {@link Partition}
     */
    SteppedPartition create(
            PartitionId id,
            GatewaySession me,
            PartitionSettings settings,
            SharedBudget budget,
            long life);
}
