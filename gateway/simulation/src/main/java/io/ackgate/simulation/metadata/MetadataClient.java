package io.ackgate.simulation.metadata;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.storage.api.PartitionId;

/** A gateway process as the metadata store sees it. */
public interface MetadataClient {
    /** The machine it runs on, whose way to the store may be cut. */
    int machine();

    boolean exists();

    /** A watch or a read has seen this state. */
    void observed(PartitionId partition, long version, PartitionState state);
}
