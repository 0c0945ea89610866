package io.ackgate.replication.server;

import io.ackgate.storage.api.NodeIdentity;
import java.io.IOException;

/** The node's place in a cluster, as its streams see it. Any thread. */
public interface Membership {
    /** Whose data directory the node serves. */
    NodeIdentity identity();

    /**
     * Makes the node a member of a cluster, if it is one of none. Waits for the disk once in the
     * life of a data directory.
     *
     * @param clusterId one that is allowed
     * @return whose data directory it is now, durably: of another cluster, if it belonged to that
     *     one
     * @throws IOException if it cannot be written down
     */
    NodeIdentity join(String clusterId) throws IOException;
}
