package io.ackgate.gateway.process;

import io.ackgate.storage.api.NodeId;

/**
 * Stops and starts storage nodes that live in this process, so that the loss of a replica can be
 * seen live. Calls may take as long as closing or recovering a node's logs does, and wait for each
 * other.
 */
public interface NodeSwitch {
    /** Where every node is a process of its own. */
    NodeSwitch NONE =
            new NodeSwitch() {
                @Override
                public boolean has(NodeId node) {
                    return false;
                }

                @Override
                public void stop(NodeId node) {
                    throw new IllegalArgumentException(node + " is not in this process");
                }

                @Override
                public void start(NodeId node) {
                    throw new IllegalArgumentException(node + " is not in this process");
                }
            };

    /** Whether the node lives in this process. */
    boolean has(NodeId node);

    /** Stops the node in good order; nothing happens if it is stopped. */
    void stop(NodeId node);

    /** Starts the node again; nothing happens if it runs. */
    void start(NodeId node);
}
