package io.ackgate.simulation.client;

import io.ackgate.simulation.gateway.SimGateway;
import io.ackgate.storage.api.PartitionId;
import org.jspecify.annotations.Nullable;

/** Where clients find gateways. */
public interface Gateways {
    /** How many machines there are that may run a gateway; they are numbered from 0. */
    int machines();

    /** The process on a machine; null when there is none. */
    @Nullable SimGateway on(int machine);

    /** The machine whose process is said to own a partition; -1 when nobody knows. */
    int ownerOf(PartitionId partition);
}
