package io.ackgate.gateway.runtime;

import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.storage.api.PartitionId;

/** Hears what happens to partitions. Called on the partition's thread: return at once. */
@FunctionalInterface
public interface PartitionEventListener {
    void happened(PartitionId partition, PartitionEvent event);
}
