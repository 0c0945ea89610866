package io.ackgate.gateway.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.Calls;
import io.ackgate.gateway.cluster.ClusterNodes;
import io.ackgate.gateway.metadata.embedded.EmbeddedMetadataStore;
import io.ackgate.storage.api.DiskSpace;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.NodeIdentity;
import io.ackgate.storage.api.NodeReport;
import io.ackgate.storage.api.StorageNodes;
import io.ackgate.storage.disk.DirectoryLock;
import io.ackgate.storage.disk.FileDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeRegistrarTest {
    private static final NodeId ONE = new NodeId(1);
    private static final NodeId TWO = new NodeId(2);

    @TempDir Path directory;

    private final Set<NodeId> up = ConcurrentHashMap.newKeySet();
    private EmbeddedMetadataStore metadata;
    private ClusterNodes registry;

    @BeforeEach
    void open() throws IOException {
        metadata =
                EmbeddedMetadataStore.open(new FileDisk(directory), DirectoryLock.lock(directory));
        registry = new ClusterNodes(metadata, () -> 0);
    }

    @AfterEach
    void close() {
        metadata.close();
    }

    @Test
    void a_node_becomes_a_member_once_it_answers() throws Exception {
        up.add(ONE);
        try (NodeRegistrar registrar = new NodeRegistrar(nodes(), registry)) {
            CompletableFuture<?> all = registrar.start();
            Calls.await(() -> registrar.missing().equals(Set.of(TWO)));
            assertFalse(all.isDone());
            up.add(TWO);
            all.get(30, TimeUnit.SECONDS);
            assertEquals(2, registry.list().toCompletableFuture().join().size());
        }
    }

    @Test
    void a_member_that_is_down_is_not_waited_for() {
        registry.register(ONE, "a").toCompletableFuture().join();
        registry.register(TWO, "b").toCompletableFuture().join();
        try (NodeRegistrar registrar = new NodeRegistrar(nodes(), registry)) {
            assertTrue(registrar.start().isDone());
            assertEquals(Set.of(), registrar.missing());
        }
    }

    private StorageNodes nodes() {
        return new StorageNodes() {
            @Override
            public Set<NodeId> ids() {
                return Set.of(ONE, TWO);
            }

            @Override
            public CompletionStage<NodeReport> report(NodeId node) {
                return up.contains(node)
                        ? CompletableFuture.completedFuture(
                                new NodeReport(
                                        new NodeIdentity("c", node, new UUID(0, node.value())),
                                        new DiskSpace(1, 2),
                                        List.of()))
                        : CompletableFuture.failedFuture(new IOException("down"));
            }
        };
    }
}
