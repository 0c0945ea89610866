package io.ackgate.simulation.node;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.disk.simulated.SimDisk;
import java.io.IOException;

/** Starts what runs on a storage node. */
@FunctionalInterface
public interface CoreFactory {
    /**
     * Opens a disk.
     *
     * @param boot which boot of the machine's operating system this start is in
     */
    StorageCore open(NodeId node, SimDisk disk, long boot, long nowMillis) throws IOException;
}
