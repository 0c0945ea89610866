package io.ackgate.simulation.network;

import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.Timeline;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The streams between gateways and storage nodes.
 *
 * <p>It keeps the promise of {@code io.ackgate.storage.api} and nothing beyond it: within one
 * stream, order and no loss; between a stream and its successor, anything.
 */
public final class SimNetwork {
    private final Timeline timeline;
    private final Dice dice;
    private final Weather weather;
    private final List<NodeEnd> nodes;
    private final Map<Integer, Map<NodeId, Link>> links = new HashMap<>();
    private final Map<Integer, Map<NodeId, Connection>> connections = new TreeMap<>();

    public SimNetwork(
            Timeline timeline, Dice dice, Weather weather, List<? extends NodeEnd> nodes) {
        this.timeline = timeline;
        this.dice = dice;
        this.weather = weather;
        this.nodes = List.copyOf(nodes);
    }

    /** A gateway process has started on a machine: streams to all nodes are opened. */
    public void gatewayStarted(int machine, GatewayEnd gateway) {
        Map<NodeId, Connection> fresh = new TreeMap<>();
        for (NodeEnd node : nodes) {
            Connection connection =
                    new Connection(
                            timeline, dice, weather, link(machine, node.id()), gateway, node);
            fresh.put(node.id(), connection);
            connection.open();
        }
        connections.put(machine, fresh);
    }

    /** The gateway process on a machine is gone. */
    public void gatewayStopped(int machine) {
        connections.getOrDefault(machine, Map.of()).values().forEach(Connection::loseGateway);
        connections.remove(machine);
    }

    /**
     * A node's process is gone; {@code atOnce} if its operating system still refuses connections.
     */
    public void nodeStopped(NodeId node, boolean atOnce) {
        for (int machine : connections.keySet()) {
            to(machine, node).ifPresent(connection -> connection.loseNode(atOnce));
        }
    }

    public void send(int machine, NodeId node, long stream, StorageRequest request) {
        to(machine, node).ifPresent(connection -> connection.send(stream, request));
    }

    public void breakStream(int machine, NodeId node) {
        to(machine, node).ifPresent(connection -> connection.breakStream());
    }

    /** Cuts one or both directions; cuts add up. */
    public void cut(int machine, NodeId node, boolean toNode, boolean toGateway) {
        link(machine, node).cut(toNode, toGateway);
        to(machine, node).ifPresent(connection -> connection.linkCut());
    }

    /** Takes a cut back; what was held up arrives. */
    public void mend(int machine, NodeId node, boolean toNode, boolean toGateway) {
        link(machine, node).mend(toNode, toGateway);
        to(machine, node).ifPresent(connection -> connection.linkMended());
    }

    private Optional<Connection> to(int machine, NodeId node) {
        return Optional.ofNullable(connections.getOrDefault(machine, Map.of()).get(node));
    }

    private Link link(int machine, NodeId node) {
        return links.computeIfAbsent(machine, m -> new HashMap<>())
                .computeIfAbsent(node, n -> new Link());
    }
}
