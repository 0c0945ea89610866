package io.ackgate.simulation.run;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.simulation.gateway.SimGateway;
import io.ackgate.simulation.node.SimNode;
import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.Timeline;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import java.util.List;
import java.util.Set;

/** Gateways that take over what is another's, and reach few of its replicas. */
final class Takers {
    private final World world;
    private final Dice dice;
    private final Harm harm;
    private final Cuts cuts;

    Takers(World world, Dice dice, Harm harm, Cuts cuts) {
        this.world = world;
        this.dice = dice;
        this.harm = harm;
        this.cuts = cuts;
    }

    void takeOver(int machine, PartitionId partition) {
        SimGateway gateway = world.on(machine);
        if (gateway != null) {
            gateway.takeOver(partition);
        }
    }

    /** A gateway takes over that reaches these nodes, and each other one with what is left. */
    void reaching(int machine, PartitionId partition, Set<NodeId> reached, double cutChance) {
        long length = dice.between(60 * Timeline.MILLIS, 500 * Timeline.MILLIS);
        for (SimNode node : world.nodes()) {
            if (!reached.contains(node.id()) && dice.chance(cutChance)) {
                cuts.cut(machine, node, true, true, length);
            }
        }
        takeOver(machine, partition);
    }

    /**
     * A gateway takes over that reaches few nodes: one whose log is lost, or one member of the ISR
     * and one that has fallen behind, or any.
     */
    void lonely(int machine, PartitionId partition) {
        PartitionState stored = world.metadata().stored(partition);
        List<ReplicaRef> behind = stored.replicas().stream().filter(ref -> !ref.inSync()).toList();
        if (!behind.isEmpty() && !stored.isr().isEmpty() && dice.chance(0.5)) {
            Set<NodeId> two = Set.of(dice.pick(behind).node(), dice.pick(stored.isr()).node());
            reaching(machine, partition, two, 1);
            return;
        }
        List<NodeId> lost = harm.lost(partition);
        NodeId reached =
                lost.isEmpty() || dice.chance(0.2)
                        ? dice.pick(world.setup().replicasOf(partition))
                        : lost.get(0);
        reaching(machine, partition, Set.of(reached), 0.75);
    }
}
