package io.ackgate.simulation.network;

/**
 * The way between a gateway's machine and a node's machine; each direction can be cut by itself.
 */
final class Link {
    private int cutsToNode;
    private int cutsToGateway;

    boolean isCutToNode() {
        return cutsToNode > 0;
    }

    boolean isCutToGateway() {
        return cutsToGateway > 0;
    }

    boolean isWhole() {
        return cutsToNode == 0 && cutsToGateway == 0;
    }

    void cut(boolean toNode, boolean toGateway) {
        cutsToNode += toNode ? 1 : 0;
        cutsToGateway += toGateway ? 1 : 0;
    }

    void mend(boolean toNode, boolean toGateway) {
        cutsToNode -= toNode ? 1 : 0;
        cutsToGateway -= toGateway ? 1 : 0;
    }
}
