package io.ackgate.gateway.host;

import io.ackgate.storage.api.NodeId;
import java.util.OptionalLong;

/** The streams to storage nodes that are open, for all partitions of a thread. */
@FunctionalInterface
public interface OpenStreams {
    /** The open stream to a node. */
    OptionalLong to(NodeId node);
}
