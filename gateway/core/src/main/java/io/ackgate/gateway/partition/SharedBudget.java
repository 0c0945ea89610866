package io.ackgate.gateway.partition;

import io.ackgate.storage.api.NodeId;

/** Bounds that all partitions of a gateway share. Asked within a step; answers at once. */
public interface SharedBudget {
    /** Nothing but the partition's own bounds. */
    SharedBudget UNLIMITED =
            new SharedBudget() {
                @Override
                public boolean mayWait() {
                    return true;
                }

                @Override
                public boolean hasRoom(NodeId node) {
                    return true;
                }
            };

    /** Whether one more read may wait for records. */
    boolean mayWait();

    /**
     * Whether a node takes what it is sent. While it does not, nothing is sent to it that can wait:
     * batches stay with the owner, or on the leader's disk.
     */
    boolean hasRoom(NodeId node);
}
