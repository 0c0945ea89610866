package io.ackgate.simulation.run;

import io.ackgate.simulation.node.SimNode;

/** Ways between gateways and nodes that are cut for a while. */
final class Cuts {
    private final World world;
    private final Cures cures;

    Cuts(World world, Cures cures) {
        this.world = world;
        this.cures = cures;
    }

    void cut(int machine, SimNode node, boolean toNode, boolean toGateway, long nanos) {
        world.story()
                .tell(
                        () ->
                                "!! the way between machine %d and %s is cut%s%s"
                                        .formatted(
                                                machine,
                                                node.id(),
                                                toNode ? " there" : "",
                                                toGateway ? " back" : ""));
        world.network().cut(machine, node.id(), toNode, toGateway);
        cures.after(nanos, () -> mend(machine, node, toNode, toGateway));
    }

    private void mend(int machine, SimNode node, boolean toNode, boolean toGateway) {
        world.story().tell(() -> "!! machine " + machine + " reaches " + node.id() + " again");
        world.network().mend(machine, node.id(), toNode, toGateway);
    }
}
