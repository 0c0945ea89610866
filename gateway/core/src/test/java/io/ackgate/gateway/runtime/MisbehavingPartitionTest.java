package io.ackgate.gateway.runtime;

import static io.ackgate.gateway.runtime.GatewayFixture.await;
import static io.ackgate.gateway.runtime.GatewayFixture.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.embedded.StoreDisk;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.Partition;
import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.TopicSpec;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the runtime does with a partition that is not as it should be: partition 0 of each test. */
@Timeout(120)
class MisbehavingPartitionTest {
    private static final ProduceOutcome.Accepted ACCEPTED = new ProduceOutcome.Accepted();

    /** A gateway whose partitions 0 are scripted, and the others real. */
    private static GatewayFixture with(ScriptedPartition scripted) throws IOException {
        return new GatewayFixture(
                GatewayFixture.settings(),
                new StoreDisk(),
                new ModelStorage(3),
                (id, me, settings, budget, life) ->
                        id.partition() == 0
                                ? scripted
                                : new Partition(id, me, settings, budget, life));
    }

    private static void awaitHosted(GatewayFixture at, PartitionId partition) {
        eventually("it is hosted", () -> await(at.gateway.statuses()).containsKey(partition));
    }

    private static ProduceOutcome.Failed failed(CompletableFuture<ProduceOutcome> outcome) {
        return assertInstanceOf(ProduceOutcome.Failed.class, await(outcome));
    }

    @Test
    void a_partition_that_throws_is_stopped_with_everything_answered_and_the_others_go_on()
            throws Exception {
        ScriptedPartition scripted =
                new ScriptedPartition(
                        (input, out) -> {
                            if (input instanceof PartitionInput.Fetch) {
                                throw new IllegalStateException("a bug");
                            }
                        });
        try (GatewayFixture at = with(scripted)) {
            Topic topic = at.create(TopicSpec.named("t").withPartitions(8));
            awaitHosted(at, topic.partition(0));
            CompletableFuture<ProduceOutcome> waiting =
                    at.produce(topic.partition(0), Acks.ALL, "a");
            eventually(
                    "the produce is with the partition",
                    () -> !scripted.inputs(PartitionInput.Produce.class).isEmpty());
            assertInstanceOf(FetchOutcome.Unavailable.class, at.fetch(topic.partition(0), 0, 1));
            assertEquals(WriteStatus.MAY_HAVE_BEEN_WRITTEN, failed(waiting).writeStatus());

            ProduceOutcome.Failed late = failed(at.produce(topic.partition(0), Acks.ALL, "b"));
            assertEquals(ErrorCode.NOT_LEADER_OR_FOLLOWER, late.error());
            assertEquals(WriteStatus.NOT_WRITTEN, late.writeStatus());
            assertEquals(1, scripted.inputs(PartitionInput.Resign.class).size());
            List<PartitionEvent.InvariantBroken> broken =
                    at.events(topic.partition(0), PartitionEvent.InvariantBroken.class);
            assertEquals(1, broken.size());
            assertTrue(broken.getFirst().detail().contains("a bug"));
            for (int index = 1; index < 8; index++) {
                at.awaitServing(topic.partition(index));
                at.written(topic.partition(index), Acks.ALL, "goes on");
            }
            eventually("nothing waits", () -> at.gateway.pendingRequests() == 0);
            int told = scripted.inputs.size();
            at.storage.node(1).down();
            at.awaitInSync(topic.partition(1), 2);
            assertEquals(told, scripted.inputs.size(), "a stopped partition is told nothing");
        }
    }

    @Test
    void a_partition_that_throws_again_when_it_is_to_resign_is_stopped_the_same() throws Exception {
        ScriptedPartition scripted =
                new ScriptedPartition(
                        (input, out) -> {
                            if (input instanceof PartitionInput.Produce
                                    || input instanceof PartitionInput.Resign) {
                                throw new StackOverflowError("a bug");
                            }
                        });
        try (GatewayFixture at = with(scripted)) {
            PartitionId partition = at.create(TopicSpec.named("t")).partition(0);
            awaitHosted(at, partition);
            assertEquals(
                    WriteStatus.MAY_HAVE_BEEN_WRITTEN,
                    failed(at.produce(partition, Acks.ALL, "a")).writeStatus());
            eventually("nothing waits", () -> at.gateway.pendingRequests() == 0);
        }
    }

    @Test
    void an_operator_is_answered_though_a_partition_throws_when_it_is_asked() throws Exception {
        ScriptedPartition scripted = new ScriptedPartition((input, out) -> {});
        try (GatewayFixture at = with(scripted)) {
            Topic topic = at.create(TopicSpec.named("t").withPartitions(2));
            awaitHosted(at, topic.partition(0));
            at.awaitServing(topic.partition(1));
            CompletableFuture<ProduceOutcome> waiting =
                    at.produce(topic.partition(0), Acks.ALL, "a");
            eventually(
                    "the produce is with the partition",
                    () -> !scripted.inputs(PartitionInput.Produce.class).isEmpty());
            scripted.buggy = true;
            assertEquals(
                    PartitionStatus.Phase.IDLE,
                    await(at.gateway.status(topic.partition(0))).phase());
            assertEquals(WriteStatus.MAY_HAVE_BEEN_WRITTEN, failed(waiting).writeStatus());
            assertEquals(2, await(at.gateway.statuses()).size());
            at.written(topic.partition(1), Acks.ALL, "goes on");
        }
    }

    @Test
    void a_request_that_begins_a_takeover_which_throws_is_answered() throws Exception {
        // Most often the request comes before the tick that would begin the takeover that is due.
        ScriptedPartition scripted =
                new ScriptedPartition(
                        (input, out) -> {
                            if (input instanceof PartitionInput.TakeOver) {
                                throw new IllegalStateException("a bug");
                            }
                        });
        scripted.idle = false;
        try (GatewayFixture at = with(scripted)) {
            PartitionId partition = at.create(TopicSpec.named("t")).partition(0);
            awaitHosted(at, partition);
            scripted.idle = true;
            assertEquals(
                    WriteStatus.NOT_WRITTEN,
                    failed(at.produce(partition, Acks.ALL, "a")).writeStatus());
        }
    }

    @Test
    void an_answer_to_a_request_that_does_not_wait_is_a_bug_of_the_partition() throws Exception {
        ScriptedPartition scripted =
                new ScriptedPartition(
                        (input, out) -> {
                            if (input instanceof PartitionInput.Produce produce) {
                                out.accept(new PartitionEffect.Complete(produce.token(), ACCEPTED));
                                out.accept(new PartitionEffect.Complete(produce.token(), ACCEPTED));
                            }
                        });
        try (GatewayFixture at = with(scripted)) {
            PartitionId partition = at.create(TopicSpec.named("t")).partition(0);
            awaitHosted(at, partition);
            assertEquals(ACCEPTED, await(at.produce(partition, Acks.NONE, "a")));
            eventually(
                    "it is stopped",
                    () -> !at.events(partition, PartitionEvent.InvariantBroken.class).isEmpty());
        }
    }

    @Test
    void a_partition_that_breaks_an_invariant_stays_stopped() throws Exception {
        ScriptedPartition scripted =
                new ScriptedPartition(
                        (input, out) -> {
                            if (input instanceof PartitionInput.Produce produce) {
                                // As the real one does: it answers in the same step.
                                out.accept(
                                        new PartitionEffect.Happened(
                                                new PartitionEvent.InvariantBroken("1 is 2")));
                                out.accept(
                                        new PartitionEffect.Complete(
                                                produce.token(),
                                                new ProduceOutcome.Failed(
                                                        ErrorCode.KAFKA_STORAGE_ERROR,
                                                        WriteStatus.NOT_WRITTEN,
                                                        "its own answer")));
                            }
                        });
        try (GatewayFixture at = with(scripted)) {
            PartitionId partition = at.create(TopicSpec.named("t")).partition(0);
            awaitHosted(at, partition);
            assertEquals(
                    ErrorCode.KAFKA_STORAGE_ERROR,
                    failed(at.produce(partition, Acks.ALL, "a")).error());
            assertEquals(
                    ErrorCode.NOT_LEADER_OR_FOLLOWER,
                    failed(at.produce(partition, Acks.ALL, "b")).error());
        }
    }

    @Test
    void a_takeover_that_fails_is_tried_again_with_longer_pauses() throws Exception {
        ScriptedPartition scripted =
                new ScriptedPartition(
                        (input, out) -> {
                            if (input instanceof PartitionInput.TakeOver) {
                                out.accept(
                                        new PartitionEffect.Happened(
                                                new PartitionEvent.TakeoverFailed(1, "so told")));
                            }
                        });
        try (GatewayFixture at = with(scripted)) {
            at.create(TopicSpec.named("t"));
            eventually(
                    "it was tried eight times",
                    () -> scripted.inputs(PartitionInput.TakeOver.class).size() >= 8);
            List<Long> tries = takeoverTimes(scripted);
            long first = tries.get(1) - tries.get(0);
            long later = tries.get(7) - tries.get(6);
            long least = GatewayFixture.settings().retryLeastNanos();
            assertTrue(first >= least / 2, "first pause " + first);
            assertTrue(later >= least * 4, "later pause " + later);
        }
    }

    private static List<Long> takeoverTimes(ScriptedPartition scripted) {
        return IntStream.range(0, scripted.times.size())
                .filter(i -> scripted.inputs.get(i) instanceof PartitionInput.TakeOver)
                .mapToObj(scripted.times::get)
                .toList();
    }

    @Test
    void a_compare_and_set_that_is_not_answered_in_time_is_unknown_and_nothing_else_later()
            throws Exception {
        PartitionState wanted =
                PartitionState.unowned(List.of(new NodeId(1))).claimedBy(new GatewaySession(1), 1);
        ScriptedPartition scripted =
                new ScriptedPartition(
                        (input, out) -> {
                            if (input instanceof PartitionInput.StateObserved seen
                                    && seen.stored().leaderEpoch() == 0) {
                                out.accept(
                                        new PartitionEffect.CompareAndSet(
                                                77, seen.version(), wanted));
                            }
                        });
        try (GatewayFixture at = with(scripted)) {
            var held = new Semaphore(0);
            // Enough for the topic and its partition, and not for what the partition asks for.
            held.release(2);
            at.disk.syncPermits = held;
            at.create(TopicSpec.named("t"));
            eventually(
                    "it is told that nobody knows",
                    () -> !scripted.inputs(PartitionInput.CasUnknown.class).isEmpty());
            assertEquals(77, scripted.inputs(PartitionInput.CasUnknown.class).getFirst().attempt());
            at.disk.syncPermits = null;
            held.release(100);
            // It did land, and is seen as any change is; but the attempt is not answered again.
            eventually(
                    "the change is seen",
                    () ->
                            scripted.inputs(PartitionInput.StateObserved.class).stream()
                                    .anyMatch(seen -> seen.stored().equals(wanted)));
            assertEquals(List.of(), scripted.inputs(PartitionInput.CasApplied.class));
            assertEquals(1, scripted.inputs(PartitionInput.CasUnknown.class).size());
        }
    }

    @Test
    void a_compare_and_set_is_answered_with_what_the_store_says() throws Exception {
        PartitionState wanted =
                PartitionState.unowned(List.of(new NodeId(1))).claimedBy(new GatewaySession(1), 1);
        ScriptedPartition scripted =
                new ScriptedPartition(
                        (input, out) -> {
                            if (input instanceof PartitionInput.StateObserved seen
                                    && seen.stored().leaderEpoch() == 0) {
                                out.accept(
                                        new PartitionEffect.CompareAndSet(
                                                1, seen.version(), wanted));
                                out.accept(
                                        new PartitionEffect.CompareAndSet(
                                                2, seen.version(), wanted));
                            }
                        });
        try (GatewayFixture at = with(scripted)) {
            at.create(TopicSpec.named("t"));
            eventually(
                    "both are answered",
                    () -> !scripted.inputs(PartitionInput.CasRefused.class).isEmpty());
            PartitionInput.CasApplied applied =
                    scripted.inputs(PartitionInput.CasApplied.class).getFirst();
            assertEquals(1, applied.attempt());
            assertEquals(
                    new PartitionInput.CasRefused(2, applied.version(), wanted),
                    scripted.inputs(PartitionInput.CasRefused.class).getFirst());
        }
    }

    @Test
    void a_gateway_that_loses_its_lease_resigns_everywhere_and_takes_nothing_over_again()
            throws Exception {
        ScriptedPartition scripted = new ScriptedPartition((input, out) -> {});
        LosableLease lease = new LosableLease();
        try (GatewayFixture at =
                new GatewayFixture(
                        GatewayFixture.settings(),
                        new StoreDisk(),
                        new ModelStorage(3),
                        (id, me, settings, budget, life) -> scripted,
                        lease)) {
            at.create(TopicSpec.named("t"));
            eventually(
                    "it takes over",
                    () -> !scripted.inputs(PartitionInput.TakeOver.class).isEmpty());
            lease.lose();
            eventually("it resigns", () -> !scripted.inputs(PartitionInput.Resign.class).isEmpty());
            int takeovers = scripted.inputs(PartitionInput.TakeOver.class).size();
            Topic other = at.create(TopicSpec.named("other"));
            awaitHosted(at, other.partition(0));
            assertEquals(takeovers, scripted.inputs(PartitionInput.TakeOver.class).size());
            assertTrue(String.valueOf(at.gateway.lostLease()).contains("so told"));
        }
    }

    private static final class LosableLease implements Lease {
        private final Lease sole = SoleGateway.at("localhost:1");
        private volatile Listener listener =
                new Listener() {
                    @Override
                    public void live(List<Member> members) {}

                    @Override
                    public void lost(String reason) {}
                };

        void lose() {
            listener.lost("so told");
        }

        @Override
        public GatewaySession session() {
            return sole.session();
        }

        @Override
        public void start(Listener starting) {
            listener = starting;
            sole.start(starting);
        }

        @Override
        public void close() {}
    }
}
