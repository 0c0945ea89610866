package io.ackgate.simulation.metadata;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.storage.api.PartitionId;

/** Is told of every change at the very moment at which it is made. */
public interface StateListener {
    void changed(PartitionId partition, long version, PartitionState before, PartitionState after);
}
