package io.ackgate.gateway.runtime;

import static io.ackgate.gateway.runtime.GatewayFixture.await;
import static io.ackgate.gateway.runtime.GatewayFixture.done;
import static io.ackgate.gateway.runtime.GatewayFixture.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.gateway.cluster.ClusterNodes;
import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.embedded.EmbeddedMetadataStore;
import io.ackgate.gateway.metadata.embedded.StoreDisk;
import io.ackgate.gateway.topic.MetadataTopics;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.TopicCatalog;
import io.ackgate.gateway.topic.TopicSpec;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StorageTransport;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReplicaDeletionsTest {
    /**
     * A deletion is written twice: as a decision, and with the replicas it is about. What the first
     * version sets going may be over after what the second does.
     */
    @Test
    void the_older_version_does_not_take_the_place_of_the_newer() throws Exception {
        NodeId node = new NodeId(1);
        SentRequests transport = new SentRequests();
        try (MetadataStore store = EmbeddedMetadataStore.open(new StoreDisk(), () -> {});
                TopicCatalog catalog = new TopicCatalog()) {
            ClusterNodes nodes = new ClusterNodes(store, () -> 0);
            for (int id = 1; id <= 3; id++) {
                await(nodes.register(new NodeId(id), "cookie of " + id));
            }
            await(catalog.start(store));
            MetadataTopics topics = new MetadataTopics(store, catalog, nodes, () -> 0);
            Topic topic = done(topics.create(TopicSpec.named("t").withPartitions(1)));
            HeldLooks held = new HeldLooks(store, topic);
            ReplicaDeletions deletions =
                    new ReplicaDeletions(held, transport, _ -> CompletableFuture.allOf());
            await(deletions.start());
            deletions.opened(node, 1);
            done(topics.delete("t"));
            eventually("the newer version is carried out", () -> transport.sent.size() == 2);
            held.first.complete(null);
            eventually("the older version is ready", held.lastReached::isDone);
            held.last.complete(null);
            for (int id = 1; id <= 3; id++) {
                deletions.answered(
                        new NodeId(id), 1, new StorageAnswer.Deleted(topic.partition(0), 1));
            }
            eventually(
                    "the deletion is over",
                    () -> await(store.list(MetadataKeys.DELETIONS)).isEmpty());
            deletions.close();
        }
    }

    @Test
    void a_replica_that_cannot_be_deleted_now_is_tried_again_once_for_all_its_answers()
            throws Exception {
        NodeId node = new NodeId(1);
        SentRequests transport = new SentRequests();
        try (MetadataStore store = EmbeddedMetadataStore.open(new StoreDisk(), () -> {});
                TopicCatalog catalog = new TopicCatalog()) {
            ClusterNodes nodes = new ClusterNodes(store, () -> 0);
            await(nodes.register(node, "cookie"));
            await(catalog.start(store));
            MetadataTopics topics = new MetadataTopics(store, catalog, nodes, () -> 0);
            Topic topic = done(topics.create(TopicSpec.named("t").withReplicationFactor(1)));
            PartitionId partition = topic.partition(0);
            ReplicaDeletions deletions =
                    new ReplicaDeletions(store, transport, _ -> CompletableFuture.allOf());
            await(deletions.start());
            deletions.opened(node, 1);
            done(topics.delete("t"));
            eventually("it is asked for", () -> transport.sent.size() == 2);
            StorageAnswer faulty =
                    new StorageAnswer.Faulty(
                            partition,
                            1,
                            Incarnation.NONE,
                            StorageAnswer.Fault.IO_ERROR,
                            "the disk fails");
            for (int round = 2; round <= 4; round++) {
                // One to the fence and one to the deletion.
                deletions.answered(node, 1, faulty);
                deletions.answered(node, 1, faulty);
                int expected = 2 * round;
                eventually("it is tried again", () -> transport.sent.size() >= expected);
                assertEquals(expected, transport.sent.size());
            }
            deletions.answered(node, 1, new StorageAnswer.Deleted(partition, 1));
            eventually(
                    "the deletion is over",
                    () -> await(store.list(MetadataKeys.DELETIONS)).isEmpty());
            deletions.close();
        }
    }

    /**
     * Holds the first look at the topic, which is for the older version, and the second at its
     * offsets, with which what was held ends.
     */
    private static final class HeldLooks implements MetadataStore {
        final CompletableFuture<@Nullable Void> first = new CompletableFuture<>();
        final CompletableFuture<@Nullable Void> lastReached = new CompletableFuture<>();
        final CompletableFuture<@Nullable Void> last = new CompletableFuture<>();

        private final MetadataStore store;
        private final Topic topic;
        private final AtomicInteger topicLooks = new AtomicInteger();
        private final AtomicInteger offsetLooks = new AtomicInteger();

        HeldLooks(MetadataStore store, Topic topic) {
            this.store = store;
            this.topic = topic;
        }

        @Override
        public CompletionStage<Entry> get(String key) {
            boolean hold =
                    key.equals(MetadataKeys.topic(topic.name()))
                            && topicLooks.incrementAndGet() == 1;
            return hold ? first.thenCompose(_ -> store.get(key)) : store.get(key);
        }

        @Override
        public CompletionStage<List<Entry>> list(String prefix) {
            boolean hold =
                    prefix.equals(MetadataKeys.offsets(topic.id()))
                            && offsetLooks.incrementAndGet() == 2;
            if (!hold) {
                return store.list(prefix);
            }
            lastReached.complete(null);
            return last.thenApply(_ -> List.of());
        }

        @Override
        public CompletionStage<Outcome> compareAndSet(
                String key, long expectedVersion, byte[] value) {
            return store.compareAndSet(key, expectedVersion, value);
        }

        @Override
        public CompletionStage<Outcome> delete(String key, long expectedVersion) {
            return store.delete(key, expectedVersion);
        }

        @Override
        public AutoCloseable watch(String prefix, Consumer<Entry> listener) {
            return store.watch(prefix, listener);
        }

        @Override
        public @Nullable String failure() {
            return store.failure();
        }

        @Override
        public void close() {}
    }

    private static final class SentRequests implements StorageTransport {
        final ConcurrentLinkedQueue<StorageRequest> sent = new ConcurrentLinkedQueue<>();

        @Override
        public void start(Listener listener) {}

        @Override
        public void send(NodeId node, long stream, StorageRequest request) {
            sent.add(request);
        }

        @Override
        public boolean hasRoom(NodeId node) {
            return true;
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
