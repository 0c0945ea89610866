package io.ackgate.storage.node.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageNodes;
import io.ackgate.storage.api.StorageTransport;
import io.ackgate.storage.disk.FileDisk;
import io.ackgate.storage.engine.EngineSettings;
import io.ackgate.storage.engine.IdentityCookie;
import io.ackgate.storage.local.InProcessTransport;
import io.ackgate.storage.local.LocalNodeState;
import io.ackgate.storage.local.LocalNodes;
import io.ackgate.storage.runtime.LoopObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InProcessTransportTest extends StorageTransportContract {
    @TempDir Path data;

    @Override
    Cluster cluster() {
        InProcessTransport transport = transport(data);
        return new Cluster() {
            @Override
            public StorageTransport transport() {
                return transport;
            }

            @Override
            public StorageNodes nodes() {
                return transport;
            }

            @Override
            public void start(NodeId node) throws IOException {
                transport.startNode(node);
            }

            @Override
            public void stop(NodeId node) {
                transport.stopNode(node);
            }

            @Override
            public void kill(NodeId node) {
                transport.killNode(node);
            }

            @Override
            public void close() {
                transport.close();
            }
        };
    }

    private static InProcessTransport transport(Path data) {
        Map<NodeId, Path> directories = new HashMap<>();
        for (NodeId node : NODES) {
            directories.put(node, data.resolve(node.toString()));
        }
        return new InProcessTransport(
                new LocalNodes("test", directories, EngineSettings.DEFAULTS),
                77,
                _ -> LoopObserver.NONE);
    }

    @Test
    void a_node_that_cannot_start_says_why_and_holds_up_nobody() throws Exception {
        FileDisk disk = new FileDisk(data.resolve("other"));
        IdentityCookie.claim(disk, "another-cluster", ONE, UUID.randomUUID());
        LocalNodes settings =
                new LocalNodes(
                        "test",
                        Map.of(ONE, data.resolve("other"), TWO, data.resolve("own")),
                        EngineSettings.DEFAULTS);
        try (InProcessTransport transport =
                new InProcessTransport(settings, 78, _ -> LoopObserver.NONE)) {
            TestGateway watching = new TestGateway(transport);
            assertTrue(watching.stream(TWO) > 0);
            IOException refused = assertThrows(IOException.class, () -> transport.startNode(ONE));
            assertTrue(
                    String.valueOf(refused.getMessage()).contains("another-cluster"),
                    refused::toString);
            assertInstanceOf(LocalNodeState.Failed.class, transport.state(ONE));
            assertEquals(new LocalNodeState.Running(watching.stream(TWO)), transport.state(TWO));
        }
    }

    @Test
    void a_data_directory_is_one_nodes_at_a_time() throws Exception {
        Path apart = data.resolve("apart");
        try (InProcessTransport first = transport(apart)) {
            TestGateway watching = new TestGateway(first);
            watching.stream(ONE);
            try (InProcessTransport second = transport(apart)) {
                new TestGateway(second);
                IOException refused = assertThrows(IOException.class, () -> second.startNode(ONE));
                assertTrue(
                        String.valueOf(refused.getMessage()).contains("in use"), refused::toString);
            }
        }
    }
}
