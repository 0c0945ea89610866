package io.ackgate.simulation.network;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageRequest;

/** A storage node as the streams to it see it. */
public interface NodeEnd {
    NodeId id();

    /** Counts the runs of the node's process; a stream belongs to one of them. */
    int run();

    boolean isUp();

    void request(SimStream from, StorageRequest request);

    /** The node has noticed that a stream is gone. */
    void closed(SimStream stream);
}
