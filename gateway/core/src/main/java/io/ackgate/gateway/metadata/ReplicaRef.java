package io.ackgate.gateway.metadata;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;

/**
 * A replica as the metadata store names it.
 *
 * @param incarnation which log of that node; {@link Incarnation#NONE} when none has been assigned
 *     yet
 * @param inSync whether it is a member of the ISR
 */
public record ReplicaRef(NodeId node, Incarnation incarnation, boolean inSync) {
    public ReplicaRef {
        if (inSync && incarnation.equals(Incarnation.NONE)) {
            throw new IllegalArgumentException(node + " cannot be in sync without an incarnation");
        }
    }

    /** This log as a member of the ISR, or not. */
    public ReplicaRef withInSync(boolean now) {
        return now == inSync ? this : new ReplicaRef(node, incarnation, now);
    }

    /** Another log on the same node: not in sync, whatever the old one was. */
    public ReplicaRef withIncarnation(Incarnation next) {
        return new ReplicaRef(node, next, false);
    }

    @Override
    public String toString() {
        return node + "/" + incarnation + (inSync ? "*" : "");
    }
}
