package io.ackgate.gateway.topic;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ackgate.gateway.cluster.ClusterNodes;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.embedded.EmbeddedMetadataStore;
import io.ackgate.gateway.metadata.embedded.StoreDisk;
import io.ackgate.storage.api.NodeId;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A metadata store in memory with three storage nodes in it, for tests of topics. */
abstract class TopicsFixture {
    final StoreDisk disk = new StoreDisk();
    final MetadataStore store = open();
    final TopicCatalog catalog = new TopicCatalog();
    final ClusterNodes nodes = new ClusterNodes(store, () -> 1_000);

    private MetadataStore open() {
        try {
            return EmbeddedMetadataStore.open(disk, () -> {});
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @BeforeEach
    void startCatalogAndRegisterNodes() {
        await(catalog.start(store));
        for (int node = 1; node <= 3; node++) {
            await(nodes.register(new NodeId(node), "cookie-" + node));
        }
    }

    @AfterEach
    void close() {
        catalog.close();
        store.close();
    }

    static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }

    static Topic done(CompletionStage<TopicOutcome> stage) {
        return assertInstanceOf(TopicOutcome.Done.class, await(stage)).topic();
    }
}
