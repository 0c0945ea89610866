package io.ackgate.storage.node.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.replication.client.GrpcTransport;
import io.ackgate.replication.client.GrpcTransportSettings;
import io.ackgate.replication.client.NodeAddress;
import io.ackgate.storage.api.ClusterIds;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageNodes;
import io.ackgate.storage.api.StorageTransport;
import io.ackgate.storage.node.LoopbackNode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrpcTransportTest extends StorageTransportContract {
    @TempDir Path data;

    @Override
    Cluster cluster() throws Exception {
        Map<NodeId, LoopbackNode> nodes = new HashMap<>();
        Map<NodeId, NodeAddress> addresses = new HashMap<>();
        for (NodeId node : NODES) {
            LoopbackNode started = new LoopbackNode(node, data.resolve(node.toString()));
            nodes.put(node, started);
            addresses.put(node, new NodeAddress("127.0.0.1", started.port()));
        }
        GrpcTransport transport =
                new GrpcTransport(GrpcTransportSettings.defaults("test"), 77, addresses);
        return new GrpcCluster(transport, nodes);
    }

    private record GrpcCluster(GrpcTransport grpc, Map<NodeId, LoopbackNode> all)
            implements Cluster {
        @Override
        public StorageTransport transport() {
            return grpc;
        }

        @Override
        public StorageNodes nodes() {
            return grpc;
        }

        private LoopbackNode node(NodeId node) {
            LoopbackNode found = all.get(node);
            if (found == null) {
                throw new IllegalArgumentException(node.toString());
            }
            return found;
        }

        @Override
        public void start(NodeId node) throws Exception {
            node(node).start();
        }

        @Override
        public void stop(NodeId node) {
            node(node).stop();
        }

        @Override
        public void kill(NodeId node) {
            node(node).kill();
        }

        @Override
        public void close() {
            all.values().forEach(LoopbackNode::stop);
        }
    }

    @Test
    void an_address_where_nobody_answers_is_tried_again_until_somebody_does() throws Exception {
        LoopbackNode node = new LoopbackNode(ONE, data.resolve("late"));
        int port = node.port();
        node.stop();
        GrpcTransportSettings hasty =
                new GrpcTransportSettings("test", 1, 300, 100, 1_000, 10, 50, 1 << 20);
        Map<NodeId, NodeAddress> address = Map.of(ONE, new NodeAddress("127.0.0.1", port));
        try (GrpcTransport transport = new GrpcTransport(hasty, 78, address)) {
            TestGateway waiting = new TestGateway(transport);
            // A socket that takes connections and never says a word.
            try (ServerSocket mute = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
                    Socket first = mute.accept();
                    Socket second = mute.accept()) {
                assertTrue(first.isConnected() && second.isConnected());
                assertEquals(0, waiting.calls());
            }
            node.start();
            assertTrue(waiting.stream(ONE) > 2, "each attempt has a number of its own");
            waiting.assertWordKept();
        } finally {
            node.stop();
        }
    }

    @Test
    void a_node_where_another_is_meant_is_never_taken_for_it() throws Exception {
        LoopbackNode node = new LoopbackNode(ONE, data.resolve("theirs"));
        Relay toNode = new Relay(node.port());
        Map<NodeId, NodeAddress> address =
                Map.of(
                        ONE, new NodeAddress("127.0.0.1", node.port()),
                        TWO, new NodeAddress("127.0.0.1", toNode.port()));
        try (toNode;
                GrpcTransport transport =
                        new GrpcTransport(GrpcTransportSettings.defaults("test"), 79, address)) {
            TestGateway watching = new TestGateway(transport);
            watching.stream(ONE);
            // The second attempt begins when the node has refused the first.
            toNode.awaitConnections(2);
            assertEquals(1, watching.calls(), "node 2 is not where node 1 is");
        } finally {
            node.stop();
        }
    }

    @Test
    void a_node_belongs_to_the_cluster_of_its_first_gateway_and_refuses_others() throws Exception {
        LoopbackNode node = new LoopbackNode(ONE, data.resolve("new"), ClusterIds.NONE);
        Relay relay = new Relay(node.port());
        try (relay) {
            try (GrpcTransport first = transport("first", 80, node.port())) {
                new TestGateway(first).stream(ONE);
                assertEquals("first", clusterOf(first));
            }
            node.stop();
            node.start();
            try (GrpcTransport second = transport("second", 81, relay.port())) {
                TestGateway watching = new TestGateway(second);
                // The second attempt begins when the node has refused the first.
                relay.awaitConnections(2);
                assertEquals(0, watching.calls(), "its data are of the first gateway's cluster");
            }
            try (GrpcTransport first = transport("first", 82, node.port())) {
                new TestGateway(first).stream(ONE);
            }
        } finally {
            node.stop();
        }
    }

    private static GrpcTransport transport(String cluster, long session, int port) {
        return new GrpcTransport(
                GrpcTransportSettings.defaults(cluster),
                session,
                Map.of(ONE, new NodeAddress("127.0.0.1", port)));
    }

    private static String clusterOf(GrpcTransport transport) throws Exception {
        return transport
                .report(ONE)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS)
                .identity()
                .clusterId();
    }
}
