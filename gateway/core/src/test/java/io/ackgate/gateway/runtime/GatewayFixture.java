package io.ackgate.gateway.runtime;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ackgate.gateway.cluster.ClusterNodes;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.embedded.EmbeddedMetadataStore;
import io.ackgate.gateway.metadata.embedded.StoreDisk;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.Partition;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionFactory;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.topic.MetadataTopics;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.TopicCatalog;
import io.ackgate.gateway.topic.TopicOutcome;
import io.ackgate.gateway.topic.TopicSpec;
import io.ackgate.gateway.topic.TopicUpkeep;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.storage.api.PartitionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A gateway over an embedded metadata store and model storage nodes. */
final class GatewayFixture implements AutoCloseable {
    static final long SECOND = 1_000_000_000L;
    private static final long MILLIS = 1_000_000L;

    /** Kept, since a logger that nobody holds forgets its level. */
    private static final List<Logger> QUIET =
            List.of(
                    Logger.getLogger("io.ackgate.partition"),
                    Logger.getLogger(Gateway.class.getName()));

    static {
        QUIET.forEach(logger -> logger.setLevel(Level.SEVERE));
    }

    record Happened(PartitionId partition, PartitionEvent event) {}

    final StoreDisk disk;
    final ModelStorage storage;
    final MetadataStore metadata;
    final TopicCatalog catalog = new TopicCatalog();
    final MetadataTopics topics;
    final Gateway gateway;
    final TopicUpkeep upkeep;
    final ConcurrentLinkedQueue<Happened> events = new ConcurrentLinkedQueue<>();

    static RuntimeSettings settings() {
        PartitionSettings quick =
                new PartitionSettings(
                        1,
                        PartitionSettings.DEFAULTS.replica(),
                        2_000 * MILLIS,
                        50 * MILLIS,
                        50 * MILLIS,
                        500 * MILLIS,
                        3_000 * MILLIS,
                        50 * MILLIS,
                        32 << 20,
                        16 << 20,
                        1 << 20,
                        8 << 20);
        return new RuntimeSettings(
                2,
                64 << 20,
                10_000,
                ReadBudget.defaults(),
                64 << 20,
                2 * MILLIS,
                1_000 * MILLIS,
                5 * MILLIS,
                50 * MILLIS,
                quick);
    }

    static RuntimeSettings bounded(long maxBytes, int maxRequests) {
        RuntimeSettings of = settings();
        return new RuntimeSettings(
                of.threads(),
                maxBytes,
                maxRequests,
                of.reads(),
                of.readMemoryBytes(),
                of.tickNanos(),
                of.casTimeoutNanos(),
                of.retryLeastNanos(),
                of.retryMostNanos(),
                of.partition());
    }

    GatewayFixture() throws IOException {
        this(settings(), new StoreDisk(), new ModelStorage(3), Partition::new);
    }

    GatewayFixture(
            RuntimeSettings settings,
            StoreDisk disk,
            ModelStorage storage,
            PartitionFactory partitions)
            throws IOException {
        this(settings, disk, storage, partitions, SoleGateway.at("localhost:8080"));
    }

    GatewayFixture(
            RuntimeSettings settings,
            StoreDisk disk,
            ModelStorage storage,
            PartitionFactory partitions,
            Lease lease)
            throws IOException {
        this.disk = disk;
        this.storage = storage;
        metadata = EmbeddedMetadataStore.open(disk, () -> {});
        ClusterNodes nodes = new ClusterNodes(metadata, System::currentTimeMillis);
        storage.nodes.keySet().forEach(node -> await(nodes.register(node, "cookie of " + node)));
        topics = new MetadataTopics(metadata, catalog, nodes, System::currentTimeMillis);
        gateway = new Gateway(settings, metadata, storage, lease, catalog, partitions);
        gateway.addEventListener((id, event) -> events.add(new Happened(id, event)));
        await(gateway.start());
        upkeep = topics.upkeep();
        await(upkeep.start());
    }

    Topic create(TopicSpec spec) {
        return done(topics.create(spec));
    }

    /** Creates a topic and waits until each of its partitions serves. */
    Topic serving(TopicSpec spec) {
        Topic topic = create(spec);
        for (int index = 0; index < topic.partitions(); index++) {
            awaitServing(topic.partition(index));
        }
        return topic;
    }

    void awaitServing(PartitionId partition) {
        eventually(
                partition + " serves",
                () -> status(partition).phase() == PartitionStatus.Phase.SERVING);
    }

    void awaitInSync(PartitionId partition, int members) {
        eventually(
                partition + " has an ISR of " + members,
                () -> {
                    var state = status(partition).state();
                    return state != null && state.isr().size() == members;
                });
    }

    PartitionStatus status(PartitionId partition) {
        return await(gateway.status(partition));
    }

    PartitionState state(PartitionId partition) {
        return Objects.requireNonNull(status(partition).state());
    }

    CompletableFuture<ProduceOutcome> produce(PartitionId partition, Acks acks, String... values) {
        return produce(partition, acks, 20 * SECOND, batch(values));
    }

    CompletableFuture<ProduceOutcome> produce(
            PartitionId partition, Acks acks, long timeoutNanos, ByteBuffer frame) {
        CompletableFuture<ProduceOutcome> outcome = new CompletableFuture<>();
        gateway.produce(
                partition,
                frame,
                acks,
                timeoutNanos,
                done -> {
                    if (!outcome.complete(done)) {
                        throw new AssertionError("answered twice: " + done);
                    }
                });
        return outcome;
    }

    ProduceOutcome.Written written(PartitionId partition, Acks acks, String... values) {
        return assertInstanceOf(
                ProduceOutcome.Written.class, await(produce(partition, acks, values)));
    }

    FetchOutcome fetch(PartitionId partition, long offset, long waitNanos) {
        CompletableFuture<FetchOutcome> outcome = new CompletableFuture<>();
        gateway.fetch(
                partition,
                offset,
                1 << 20,
                1,
                waitNanos,
                gateway.readMemory().reader(() -> {}),
                outcome::complete);
        return await(outcome);
    }

    <E extends PartitionEvent> List<E> events(PartitionId partition, Class<E> type) {
        return events.stream()
                .filter(each -> each.partition.equals(partition) && type.isInstance(each.event))
                .map(each -> type.cast(each.event))
                .toList();
    }

    static ByteBuffer batch(String... values) {
        RecordBatchBuilder builder = new RecordBatchBuilder(256, 16 << 20);
        for (String value : values) {
            builder.append(1_000, null, value.getBytes(StandardCharsets.UTF_8));
        }
        return builder.buildWithHeadRoom();
    }

    static Topic done(CompletionStage<TopicOutcome> outcome) {
        return assertInstanceOf(TopicOutcome.Done.class, await(outcome)).topic();
    }

    static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    static void eventually(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + 20 * SECOND;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("still not so: " + what);
            }
            Thread.onSpinWait();
            LockSupport.parkNanos(MILLIS);
        }
    }

    /** Stops in good order, the metadata store included. */
    @Override
    public void close() {
        gateway.stop(Duration.ZERO);
        catalog.close();
        metadata.close();
    }
}
