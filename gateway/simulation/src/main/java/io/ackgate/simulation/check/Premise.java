package io.ackgate.simulation.check;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import java.util.HashSet;
import java.util.Set;

/**
 * Under what condition a partition's promises hold: at every step one member of the ISR survives
 * with its disk. Once a stored ISR consists of harmed logs only, nothing is promised any more.
 */
final class Premise {
    private record Log(NodeId node, Incarnation incarnation) {}

    private final Set<Log> harmed = new HashSet<>();
    private final Set<NodeId> unsound = new HashSet<>();
    private boolean lost;

    boolean isLost() {
        return lost;
    }

    /** A log may lose, or has lost, what it acknowledged. */
    void harm(NodeId node, Incarnation incarnation, PartitionState stored) {
        harmed.add(new Log(node, incarnation));
        stored(stored);
    }

    /** Every log on a node is harmed, and each that it will have, until it has another disk. */
    void harmAlways(NodeId node) {
        unsound.add(node);
    }

    void sound(NodeId node) {
        unsound.remove(node);
    }

    void stored(PartitionState state) {
        if (!state.isr().isEmpty() && survivors(state, Set.of()) == 0) {
            lost = true;
        }
    }

    /** How many members of an ISR would have survived if these nodes were harmed too. */
    int survivors(PartitionState state, Set<NodeId> without) {
        int survivors = 0;
        for (ReplicaRef ref : state.isr()) {
            boolean survives =
                    !without.contains(ref.node())
                            && !unsound.contains(ref.node())
                            && !harmed.contains(new Log(ref.node(), ref.incarnation()));
            survivors += survives ? 1 : 0;
        }
        return survivors;
    }
}
