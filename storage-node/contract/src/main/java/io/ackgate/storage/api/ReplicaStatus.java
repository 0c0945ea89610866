package io.ackgate.storage.api;

import io.ackgate.storage.api.StorageAnswer.Fault;
import org.jspecify.annotations.Nullable;

/**
 * One replica as its node describes it.
 *
 * @param fault null if it is sound; offsets and sizes are 0 otherwise
 * @param bytes of its segments
 */
public record ReplicaStatus(
        PartitionId partition,
        int epoch,
        Incarnation incarnation,
        Durability durability,
        @Nullable Fault fault,
        long logStart,
        long logEnd,
        long highWatermark,
        long bytes,
        int producers) {}
