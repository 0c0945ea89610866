package io.ackgate.gateway.runtime;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.partition.Partition;
import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.SharedBudget;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ProducerEntry;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a thread needs to know of a partition to step it; {@link Partition}, or one that misbehaves.
 */
interface SteppedPartition {
    void step(PartitionInput input, long nowNanos, Consumer<PartitionEffect> out);

    boolean isIdle();

    long bufferedBytes();

    default int waitingReads() {
        return 0;
    }

    /** See {@link Partition#nextDueNanos}. */
    default long nextDueNanos() {
        return 0;
    }

    PartitionStatus status();

    default List<ProducerEntry> producers() {
        return List.of();
    }

    /** Makes partitions. */
    interface Factory {
        SteppedPartition create(
                PartitionId id, GatewaySession me, PartitionSettings settings, SharedBudget budget);
    }

    /** The real one. */
    static SteppedPartition of(
            PartitionId id, GatewaySession me, PartitionSettings settings, SharedBudget budget) {
        Partition partition = new Partition(id, me, settings, budget);
        return new SteppedPartition() {
            @Override
            public void step(PartitionInput input, long nowNanos, Consumer<PartitionEffect> out) {
                partition.step(input, nowNanos, out);
            }

            @Override
            public boolean isIdle() {
                return partition.isIdle();
            }

            @Override
            public long bufferedBytes() {
                return partition.bufferedBytes();
            }

            @Override
            public long nextDueNanos() {
                return partition.nextDueNanos();
            }

            @Override
            public int waitingReads() {
                return partition.waitingReads();
            }

            @Override
            public PartitionStatus status() {
                return partition.status();
            }

            @Override
            public List<ProducerEntry> producers() {
                return partition.producers();
            }
        };
    }
}
