package io.ackgate.gateway.process;

import io.ackgate.gateway.config.AckgateConfig;
import io.ackgate.gateway.config.NodeAddresses;
import io.ackgate.replication.client.GrpcTransport;
import io.ackgate.replication.client.GrpcTransportSettings;
import io.ackgate.replication.client.NodeAddress;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageNodes;
import io.ackgate.storage.api.StorageTransport;
import io.ackgate.storage.engine.EngineSettings;
import io.ackgate.storage.local.InProcessTransport;
import io.ackgate.storage.local.LocalNodes;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The storage nodes of a gateway: in its process, or processes of their own.
 *
 * @param addresses host:port of each node; empty for a node in this process
 */
record StorageSide(
        StorageTransport transport,
        StorageNodes nodes,
        NodeSwitch nodeSwitch,
        Map<NodeId, String> addresses) {

    /** As many as the default replication factor. */
    private static final int LOCAL_NODES = 3;

    static StorageSide of(
            AckgateConfig config, String clusterId, long gatewaySession, StorageMetrics metrics) {
        return config.storage()
                .nodes()
                .map(nodes -> remote(NodeAddresses.parse(nodes), clusterId, gatewaySession))
                .orElseGet(() -> local(config.data().dir(), clusterId, gatewaySession, metrics));
    }

    private static StorageSide local(
            Path directory, String clusterId, long gatewaySession, StorageMetrics metrics) {
        Map<NodeId, Path> directories = new TreeMap<>();
        Map<NodeId, String> addresses = new TreeMap<>();
        for (int number = 1; number <= LOCAL_NODES; number++) {
            directories.put(new NodeId(number), directory.resolve("node-" + number));
            addresses.put(new NodeId(number), "");
        }
        InProcessTransport transport =
                new InProcessTransport(
                        new LocalNodes(clusterId, directories, EngineSettings.DEFAULTS),
                        gatewaySession,
                        node -> metrics.ofNode());
        return new StorageSide(transport, transport, new LocalSwitch(transport), addresses);
    }

    private static StorageSide remote(
            Map<NodeId, NodeAddress> nodes, String clusterId, long gatewaySession) {
        GrpcTransport transport =
                new GrpcTransport(GrpcTransportSettings.defaults(clusterId), gatewaySession, nodes);
        Map<NodeId, String> addresses = new TreeMap<>();
        nodes.forEach((node, address) -> addresses.put(node, address.toString()));
        return new StorageSide(transport, transport, NodeSwitch.NONE, addresses);
    }
}
