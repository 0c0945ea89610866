package io.ackgate.simulation.network;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;

/** One gateway process as its streams see it: what a transport tells its listener. */
public interface GatewayEnd {
    /** The process's session id. */
    long session();

    /** Whether this very process still exists, paused or not. */
    boolean exists();

    void opened(NodeId node, long stream);

    void closed(NodeId node, long stream);

    void answered(NodeId node, long stream, StorageAnswer answer);
}
