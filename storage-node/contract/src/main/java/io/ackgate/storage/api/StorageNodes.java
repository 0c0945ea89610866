package io.ackgate.storage.api;

import java.util.Set;
import java.util.concurrent.CompletionStage;

/** What operators may ask of the storage nodes beside the streams to them. */
public interface StorageNodes {
    /** The nodes that streams are kept to. */
    Set<NodeId> ids();

    /**
     * What a node is and holds, as it says at some moment after the call.
     *
     * @return fails, with a message that says why, if the node cannot be reached
     * @throws IllegalArgumentException if there is no such node
     */
    CompletionStage<NodeReport> report(NodeId node);
}
