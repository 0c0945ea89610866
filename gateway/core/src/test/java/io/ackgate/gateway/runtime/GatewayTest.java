package io.ackgate.gateway.runtime;

import static io.ackgate.gateway.runtime.GatewayFixture.SECOND;
import static io.ackgate.gateway.runtime.GatewayFixture.await;
import static io.ackgate.gateway.runtime.GatewayFixture.batch;
import static io.ackgate.gateway.runtime.GatewayFixture.bounded;
import static io.ackgate.gateway.runtime.GatewayFixture.done;
import static io.ackgate.gateway.runtime.GatewayFixture.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.codec.PartitionStateCodec;
import io.ackgate.gateway.metadata.embedded.StoreDisk;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.Partition;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.partition.ProduceStep;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.TopicChange;
import io.ackgate.gateway.topic.TopicSpec;
import io.ackgate.metadata.v1.Assignment;
import io.ackgate.record.BatchFrame;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway from its edge to the port of the storage nodes, with its own threads and metadata. */
@Timeout(120)
class GatewayTest {
    private static final PartitionId NOWHERE = new PartitionId(new TopicId(7, 7), 3);

    @Test
    void a_topic_that_is_created_is_taken_over_written_and_read() throws Exception {
        try (GatewayFixture at = new GatewayFixture()) {
            PartitionId partition = at.create(TopicSpec.named("events")).partition(0);
            // Sent at once: what comes during the takeover waits for it.
            assertEquals(0, writtenSoon(at, partition).baseOffset());
            ProduceOutcome.Written second = at.written(partition, Acks.ALL, "b", "c");
            assertEquals(1, second.baseOffset());
            assertEquals(3, second.isrSize());
            FetchOutcome.Fetched fetched =
                    assertInstanceOf(FetchOutcome.Fetched.class, at.fetch(partition, 0, SECOND));
            assertEquals(3, fetched.highWatermark());
            assertEquals(0, BatchFrame.baseOffset(fetched.frames(), fetched.frames().position()));
            CompletableFuture<FetchOutcome> latest = new CompletableFuture<>();
            at.gateway.position(
                    partition, PartitionInput.Position.LATEST, -1, SECOND, latest::complete);
            assertEquals(3, assertInstanceOf(FetchOutcome.Position.class, await(latest)).offset());
        }
    }

    /** Until the gateway has heard of the topic, its partitions are not known. */
    private static ProduceOutcome.Written writtenSoon(GatewayFixture at, PartitionId partition) {
        List<ProduceOutcome.Written> taken = new ArrayList<>();
        eventually(
                "the gateway knows the partition",
                () -> {
                    ProduceOutcome outcome = await(at.produce(partition, Acks.ALL, "a"));
                    if (outcome instanceof ProduceOutcome.Written written) {
                        taken.add(written);
                    } else {
                        ProduceOutcome.Failed failed =
                                assertInstanceOf(ProduceOutcome.Failed.class, outcome);
                        assertEquals(ErrorCode.NOT_LEADER_OR_FOLLOWER, failed.error());
                        assertEquals(WriteStatus.NOT_WRITTEN, failed.writeStatus());
                    }
                    return !taken.isEmpty();
                });
        return taken.getFirst();
    }

    @Test
    void a_partition_that_nobody_knows_is_refused_without_anything_written() throws Exception {
        try (GatewayFixture at = new GatewayFixture()) {
            ProduceOutcome.Failed failed =
                    assertInstanceOf(
                            ProduceOutcome.Failed.class, await(at.produce(NOWHERE, Acks.ALL, "a")));
            assertEquals(ErrorCode.NOT_LEADER_OR_FOLLOWER, failed.error());
            assertEquals(WriteStatus.NOT_WRITTEN, failed.writeStatus());
            assertInstanceOf(FetchOutcome.Unavailable.class, at.fetch(NOWHERE, 0, SECOND));
            assertEquals(PartitionStatus.Phase.IDLE, at.status(NOWHERE).phase());
            assertNothingIsHeld(at);
        }
    }

    @Test
    void each_level_of_acks_is_answered_at_its_own_time() throws Exception {
        try (GatewayFixture at = new GatewayFixture()) {
            PartitionId partition = at.serving(TopicSpec.named("t")).partition(0);
            int leader = at.state(partition).leader().orElseThrow().value();
            for (int number = 1; number <= 3; number++) {
                if (number != leader) {
                    at.storage.node(number).pause();
                }
            }
            assertInstanceOf(
                    ProduceOutcome.Accepted.class, await(at.produce(partition, Acks.NONE, "a")));
            assertEquals(1, at.written(partition, Acks.LEADER, "b").baseOffset());
            CompletableFuture<ProduceOutcome> all = at.produce(partition, Acks.ALL, "c");
            assertEquals(3, at.written(partition, Acks.LEADER, "d").baseOffset());
            assertTrue(!all.isDone());
            at.storage.nodes.values().forEach(ModelStorage.Node::resume);
            assertEquals(
                    3,
                    assertInstanceOf(ProduceOutcome.Written.class, await(all)).replicas().size());
        }
    }

    @Test
    void a_tracked_produce_tells_its_steps() throws Exception {
        try (GatewayFixture at = new GatewayFixture()) {
            PartitionId partition = at.serving(TopicSpec.named("t")).partition(0);
            List<ProduceStep> steps = new ArrayList<>();
            CompletableFuture<ProduceOutcome> outcome = new CompletableFuture<>();
            at.gateway.produce(
                    partition,
                    batch("a"),
                    Acks.ALL,
                    SECOND,
                    new ProduceListener() {
                        @Override
                        public boolean wantsProgress() {
                            return true;
                        }

                        @Override
                        public void progress(ProduceStep step) {
                            steps.add(step);
                        }

                        @Override
                        public void done(ProduceOutcome done) {
                            outcome.complete(done);
                        }
                    });
            assertInstanceOf(ProduceOutcome.Written.class, await(outcome));
            assertInstanceOf(ProduceStep.Queued.class, steps.getFirst());
            assertEquals(3, steps.stream().filter(ProduceStep.Persisted.class::isInstance).count());
        }
    }

    @Test
    void bytes_that_wait_for_replicas_are_bounded_over_all_partitions() throws Exception {
        long bound = 1 << 20;
        try (GatewayFixture at =
                new GatewayFixture(
                        bounded(bound, 10_000),
                        new StoreDisk(),
                        new ModelStorage(3),
                        Partition::new)) {
            Topic topic = at.serving(TopicSpec.named("t").withPartitions(4));
            at.storage.nodes.values().forEach(ModelStorage.Node::pause);
            String large = "x".repeat(10_000);
            List<CompletableFuture<ProduceOutcome>> outcomes = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                // acks=0 is answered at once, and still holds its bytes.
                Acks acks = i % 2 == 0 ? Acks.NONE : Acks.ALL;
                outcomes.add(at.produce(topic.partition(i % 4), acks, large));
                assertTrue(at.gateway.inFlightBytes() <= bound + 20_000);
            }
            List<ProduceOutcome.Failed> refused =
                    outcomes.stream()
                            .filter(CompletableFuture::isDone)
                            .map(CompletableFuture::join)
                            .filter(ProduceOutcome.Failed.class::isInstance)
                            .map(ProduceOutcome.Failed.class::cast)
                            .toList();
            assertTrue(refused.size() > 200 && refused.size() < 350, "refused " + refused.size());
            refused.forEach(
                    failed -> {
                        assertEquals(ErrorCode.THROTTLING_QUOTA_EXCEEDED, failed.error());
                        assertEquals(WriteStatus.NOT_WRITTEN, failed.writeStatus());
                    });
            at.storage.nodes.values().forEach(ModelStorage.Node::resume);
            outcomes.forEach(GatewayFixture::await);
            assertNothingIsHeld(at);
            at.written(topic.partition(0), Acks.ALL, "goes on");
        }
    }

    private static void assertNothingIsHeld(GatewayFixture at) {
        eventually("no bytes are held", () -> at.gateway.inFlightBytes() == 0);
        eventually("no request waits", () -> at.gateway.pendingRequests() == 0);
    }

    @Test
    void stopping_answers_what_waits_and_says_that_it_may_have_been_written() throws Exception {
        GatewayFixture at = new GatewayFixture();
        PartitionId partition = at.serving(TopicSpec.named("t")).partition(0);
        at.storage.nodes.values().forEach(ModelStorage.Node::pause);
        CompletableFuture<ProduceOutcome> waiting = at.produce(partition, Acks.ALL, "a");
        CompletableFuture<FetchOutcome> fetch = new CompletableFuture<>();
        at.gateway.fetch(
                partition,
                0,
                1_000,
                1,
                20 * SECOND,
                at.gateway.readMemory().reader(() -> {}),
                fetch::complete);
        eventually("it was appended", () -> at.status(partition).logEnd() == 1);
        at.close();
        ProduceOutcome.Failed failed =
                assertInstanceOf(ProduceOutcome.Failed.class, waiting.getNow(null));
        assertEquals(WriteStatus.MAY_HAVE_BEEN_WRITTEN, failed.writeStatus());
        assertInstanceOf(FetchOutcome.Unavailable.class, fetch.getNow(null));
        ProduceOutcome.Failed late =
                assertInstanceOf(
                        ProduceOutcome.Failed.class,
                        at.produce(partition, Acks.ALL, "b").getNow(null));
        assertEquals(WriteStatus.NOT_WRITTEN, late.writeStatus());
        assertEquals(0, at.gateway.pendingRequests());
    }

    @Test
    void stopping_in_good_order_waits_for_what_is_under_way() throws Exception {
        GatewayFixture at = new GatewayFixture();
        PartitionId partition = at.serving(TopicSpec.named("t")).partition(0);
        at.storage.nodes.values().forEach(ModelStorage.Node::pause);
        CompletableFuture<ProduceOutcome> waiting = at.produce(partition, Acks.ALL, "a");
        Thread stopping = Thread.ofPlatform().start(() -> at.gateway.stop(Duration.ofSeconds(20)));
        eventually("nothing new is taken", () -> refused(at, partition));
        at.storage.nodes.values().forEach(ModelStorage.Node::resume);
        stopping.join();
        assertInstanceOf(ProduceOutcome.Written.class, waiting.getNow(null));
        at.metadata.close();
    }

    private static boolean refused(GatewayFixture at, PartitionId partition) {
        return at.produce(partition, Acks.NONE, "x").getNow(null) instanceof ProduceOutcome.Failed;
    }

    @Test
    void a_gateway_that_starts_again_serves_what_was_written() throws Exception {
        StoreDisk disk = new StoreDisk();
        ModelStorage storage = new ModelStorage(3);
        PartitionId partition;
        GatewayFixture first =
                new GatewayFixture(GatewayFixture.settings(), disk, storage, Partition::new);
        partition = first.serving(TopicSpec.named("t")).partition(0);
        first.written(partition, Acks.ALL, "a", "b");
        // As a killed process: neither stopped nor closed, its streams end.
        storage.nodes.values().forEach(ModelStorage.Node::down);
        try (GatewayFixture second =
                new GatewayFixture(
                        GatewayFixture.settings(), disk.copy(), storage, Partition::new)) {
            second.awaitServing(partition);
            assertEquals(2, second.state(partition).leaderEpoch());
            assertEquals(2, second.written(partition, Acks.ALL, "c").baseOffset());
        }
        first.close();
    }

    @Test
    void a_node_that_goes_leaves_the_isr_and_comes_back() throws Exception {
        try (GatewayFixture at = new GatewayFixture()) {
            PartitionId partition = at.serving(TopicSpec.named("t")).partition(0);
            at.written(partition, Acks.ALL, "a");
            at.storage.node(2).down();
            at.awaitInSync(partition, 2);
            assertEquals(2, at.written(partition, Acks.ALL, "b").isrSize());
            at.storage.node(2).up();
            at.awaitInSync(partition, 3);
            assertEquals(3, at.written(partition, Acks.ALL, "c").isrSize());
            assertTrue(!at.events(partition, PartitionEvent.IsrShrunk.class).isEmpty());
            List<ByteBuffer> frames = at.storage.node(2).ask(node -> node.frames(partition));
            assertEquals(3, frames.size());
        }
    }

    @Test
    void changed_settings_reach_the_owner_and_the_replicas() throws Exception {
        try (GatewayFixture at = new GatewayFixture()) {
            PartitionId partition = at.serving(TopicSpec.named("t")).partition(0);
            at.storage.node(3).down();
            at.awaitInSync(partition, 2);
            at.written(partition, Acks.ALL, "a");
            done(at.topics.alter("t", TopicChange.set("min.insync.replicas", "3")));
            eventually(
                    "acks=all needs three",
                    () ->
                            await(at.produce(partition, Acks.ALL, "b"))
                                            instanceof
                                            ProduceOutcome.Failed(var error, var writeStatus, _)
                                    && error == ErrorCode.NOT_ENOUGH_REPLICAS
                                    && writeStatus == WriteStatus.NOT_WRITTEN);
            done(at.topics.alter("t", TopicChange.set("min.insync.replicas", "2")));
            eventually(
                    "acks=all needs two",
                    () ->
                            await(at.produce(partition, Acks.ALL, "c"))
                                    instanceof ProduceOutcome.Written);
        }
    }

    @Test
    void more_partitions_are_served_too() throws Exception {
        try (GatewayFixture at = new GatewayFixture()) {
            at.serving(TopicSpec.named("t").withPartitions(2));
            Topic more = done(at.topics.alter("t", TopicChange.partitions(5)));
            for (int index = 0; index < 5; index++) {
                at.awaitServing(more.partition(index));
                at.written(more.partition(index), Acks.ALL, "a");
            }
            assertEquals(5, await(at.gateway.statuses()).size());
        }
    }

    @Test
    void a_partition_that_is_heard_of_before_its_topic_is_served_when_the_topic_is_heard_of()
            throws Exception {
        try (GatewayFixture at = new GatewayFixture()) {
            TopicId id = new TopicId(5, 6);
            PartitionId partition = new PartitionId(id, 0);
            List<NodeId> nodes = List.of(new NodeId(1), new NodeId(2), new NodeId(3));
            await(
                    at.metadata.compareAndSet(
                            MetadataKeys.partition(partition),
                            MetadataStore.ABSENT,
                            PartitionStateCodec.encode(PartitionState.unowned(nodes))));
            assertEquals(0, await(at.gateway.statuses()).size());
            await(
                    at.metadata.compareAndSet(
                            MetadataKeys.topic("late"),
                            MetadataStore.ABSENT,
                            io.ackgate.metadata.v1.Topic.newBuilder()
                                    .setName("late")
                                    .setTopicIdHigh(id.high())
                                    .setTopicIdLow(id.low())
                                    .setReplicationFactor(3)
                                    .addAssignments(
                                            Assignment.newBuilder().addAllNodeIds(List.of(1, 2, 3)))
                                    .build()
                                    .toByteArray()));
            at.awaitServing(partition);
            assertEquals(0, at.written(partition, Acks.ALL, "a").baseOffset());
        }
    }

    @Test
    void a_listener_that_fails_disturbs_nobody() throws Exception {
        try (GatewayFixture at = new GatewayFixture()) {
            at.gateway.addEventListener(
                    (partition, event) -> {
                        throw new IllegalStateException("a bug of an event listener");
                    });
            PartitionId partition = at.serving(TopicSpec.named("t")).partition(0);
            at.gateway.produce(
                    partition,
                    batch("a"),
                    Acks.ALL,
                    SECOND,
                    outcome -> {
                        throw new IllegalStateException("a bug of a caller");
                    });
            assertEquals(1, at.written(partition, Acks.ALL, "b").baseOffset());
            assertNothingIsHeld(at);
        }
    }

    @Test
    void a_request_that_waited_too_long_in_the_queue_is_not_written() throws Exception {
        try (GatewayFixture at = new GatewayFixture()) {
            PartitionId partition = at.serving(TopicSpec.named("t")).partition(0);
            ByteBuffer frame = batch("late");
            ProduceOutcome.Failed failed =
                    assertInstanceOf(
                            ProduceOutcome.Failed.class,
                            await(at.produce(partition, Acks.ALL, 0, frame)));
            assertEquals(ErrorCode.REQUEST_TIMED_OUT, failed.error());
            assertEquals(WriteStatus.NOT_WRITTEN, failed.writeStatus());
            assertEquals(0, at.written(partition, Acks.ALL, "first").baseOffset());
            assertNothingIsHeld(at);
        }
    }
}
