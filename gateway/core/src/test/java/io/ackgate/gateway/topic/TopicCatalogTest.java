package io.ackgate.gateway.topic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ackgate.gateway.cluster.ClusterNodes;
import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.embedded.EmbeddedMetadataStore;
import io.ackgate.gateway.metadata.embedded.StoreDisk;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.TopicId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TopicCatalogTest {
    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Test
    void a_listener_hears_of_every_topic_until_the_catalog_is_closed() throws IOException {
        try (MetadataStore store = EmbeddedMetadataStore.open(new StoreDisk(), () -> {})) {
            TopicCatalog catalog = new TopicCatalog();
            catalog.addListener(
                    new TopicCatalog.Listener() {
                        @Override
                        public void changed(Topic topic) {
                            heard.add(topic.name() + " has " + topic.partitions());
                        }

                        @Override
                        public void removed(Topic topic) {
                            heard.add(topic.name() + " is gone");
                        }
                    });
            ClusterNodes nodes = new ClusterNodes(store, () -> 0);
            await(nodes.register(new NodeId(1), "cookie"));
            MetadataTopics topics = new MetadataTopics(store, catalog, nodes, () -> 0);
            TopicSpec spec = TopicSpec.named("t").withReplicationFactor(1);
            await(topics.create(spec));
            await(catalog.start(store));
            await(topics.alter("t", TopicChange.partitions(2)));
            await(topics.delete("t"));
            assertNull(catalog.topic("t"));
            await(topics.create(spec));
            // The store tells of changes before it answers what is asked later.
            await(store.get("x"));
            assertEquals(List.of("t has 1", "t has 2", "t is gone", "t has 1"), heard);
            catalog.close();
            await(topics.delete("t"));
            await(store.get("x"));
            assertEquals(4, heard.size());
        }
    }

    @Test
    void a_topic_that_took_anothers_name_unseen_replaces_it() throws IOException {
        try (MetadataStore store = EmbeddedMetadataStore.open(new StoreDisk(), () -> {})) {
            TopicCatalog catalog = new TopicCatalog();
            List<String> seen = Collections.synchronizedList(new ArrayList<>());
            catalog.addListener(
                    new TopicCatalog.Listener() {
                        @Override
                        public void changed(Topic topic) {
                            seen.add("changed " + topic.id().low());
                        }

                        @Override
                        public void removed(Topic topic) {
                            seen.add("removed " + topic.id().low());
                        }
                    });
            await(catalog.start(store));
            String key = MetadataKeys.topic("t");
            for (long id : new long[] {1, 1, 2}) {
                Topic topic =
                        new Topic(
                                "t",
                                new TopicId(0, id),
                                1,
                                List.of(List.of(new NodeId(1))),
                                Map.of(),
                                TopicSettings.resolve(1, Map.of()),
                                5);
                long version = await(store.get(key)).version();
                await(store.compareAndSet(key, version, TopicCodec.encode(topic)));
            }
            await(store.get(key));
            assertEquals(List.of("changed 1", "changed 1", "removed 1", "changed 2"), seen);
            assertNull(catalog.topic(new TopicId(0, 1)));
            assertEquals(catalog.topic("t"), catalog.topic(new TopicId(0, 2)));
            catalog.close();
        }
    }
}
