package io.ackgate.gateway.partition;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;

/**
 * A replica that is to lead without being in sync: it is published with an incarnation that it has
 * not got yet, and leads once it answers with it.
 *
 * @param keepsLog false if it begins with a new, empty log
 */
record UncleanLeader(NodeId node, int epoch, boolean keepsLog) {
    private Incarnation incarnation() {
        return Incarnation.of(epoch, 1);
    }

    /** Whether whatever stands on a node is given up for its new, empty log. */
    boolean empties(NodeId who) {
        return who.equals(node) && !keepsLog;
    }

    /** What is published of it. */
    PartitionState over(PartitionState claimed) {
        return claimed.withUncleanLeader(node, incarnation(), !keepsLog);
    }

    /** Gives it its incarnation, if a stream is open to it. May be repeated. */
    void assign(Context context) {
        long stream = context.stream(node);
        if (stream != 0) {
            context.send(
                    node,
                    stream,
                    new StorageRequest.Assign(
                            context.id,
                            epoch,
                            incarnation(),
                            context.settings.replica(),
                            keepsLog));
        }
    }

    /** Whether it has answered with its incarnation. */
    boolean isAssigned(NodeId who, StorageAnswer.Fenced fenced) {
        return who.equals(node) && fenced.incarnation().equals(incarnation());
    }
}
