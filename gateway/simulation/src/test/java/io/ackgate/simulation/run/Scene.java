package io.ackgate.simulation.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.host.HostInput;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.Mandate;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.simulation.Story;
import io.ackgate.simulation.check.Attempt;
import io.ackgate.simulation.check.Batch;
import io.ackgate.simulation.client.Load;
import io.ackgate.simulation.client.Wire;
import io.ackgate.simulation.gateway.SimGateway;
import io.ackgate.simulation.metadata.SimMetadata;
import io.ackgate.simulation.metadata.StoreFaults;
import io.ackgate.simulation.network.SimStream;
import io.ackgate.simulation.network.Weather;
import io.ackgate.simulation.node.SimNode;
import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.Timeline;
import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.TopicId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * A world without chance, in which a test says what happens: one partition on nodes 1 to 3,
 * gateways on machines 0 and 1. All invariants are checked after every event, as in any other
 * world.
 */
final class Scene {
    static final long MILLIS = Timeline.MILLIS;
    static final PartitionId PARTITION = new PartitionId(new TopicId(0xACC, 1), 0);

    private final Timeline timeline = new Timeline();
    private final Story story = Story.told(timeline);
    private final World world;
    private final Harm harm;

    /** A produce request and how it ended. */
    static final class Sent {
        private final Attempt attempt;
        private final List<ProduceOutcome> outcomes = new ArrayList<>();

        private Sent(Attempt attempt) {
            this.attempt = attempt;
        }

        Batch batch() {
            return attempt.batch();
        }

        boolean isAnswered() {
            return !outcomes.isEmpty();
        }

        ProduceOutcome outcome() {
            assertEquals(1, outcomes.size(), () -> batch() + " was answered " + outcomes);
            return outcomes.get(0);
        }

        boolean isWritten() {
            return isAnswered() && outcome() instanceof ProduceOutcome.Written;
        }

        boolean failedWith(ErrorCode error, WriteStatus writeStatus) {
            return isAnswered()
                    && outcome() instanceof ProduceOutcome.Failed(var e, var f, var detail)
                    && e == error
                    && f == writeStatus;
        }
    }

    /** A request that was kept from its node. */
    record Kept(SimNode node, SimStream from, StorageRequest request) {
        /** It arrives. */
        void arrives() {
            node.handle(from, request);
        }
    }

    private Scene(int minInsyncReplicas, Durability durability, boolean unclean) {
        List<NodeId> nodes = List.of(new NodeId(1), new NodeId(2), new NodeId(3));
        PartitionSettings settings =
                new PartitionSettings(
                        minInsyncReplicas,
                        new ReplicaSettings(durability, 1 << 20, 604_800_000, -1, -1, 86_400_000),
                        200 * MILLIS,
                        30 * MILLIS,
                        20 * MILLIS,
                        100 * MILLIS,
                        400 * MILLIS,
                        20 * MILLIS,
                        1 << 20,
                        1 << 20,
                        1 << 16,
                        1 << 20,
                        unclean);
        Setup setup =
                new Setup(
                        2,
                        nodes,
                        Map.of(PARTITION, nodes),
                        Map.of(PARTITION, settings),
                        new Weather(MILLIS, 40 * MILLIS, 5 * MILLIS, 0, 0, 0, 0),
                        new StoreFaults(MILLIS, 30 * MILLIS, 0, 0, 0, 100 * MILLIS, 3 * MILLIS),
                        new Wire.StoreFaults(MILLIS, 0, 0, 0, 0),
                        new Load(0, MILLIS, 1, 0, 0, 200 * MILLIS, 200 * MILLIS),
                        0,
                        EnumSet.noneOf(Fault.class),
                        false,
                        false,
                        false,
                        300 * MILLIS,
                        MILLIS / 2,
                        1,
                        5 * MILLIS,
                        0,
                        0,
                        false);
        world = new World(setup, timeline, Dice.still(), story);
        harm = new Harm(world);
        world.nodes().forEach(SimNode::start);
        world.startGateway(0);
        world.startGateway(1);
        run(10);
    }

    static Scene withMinInsyncReplicas(int min) {
        return new Scene(min, Durability.FSYNC, false);
    }

    static Scene inPageCache(int minInsyncReplicas) {
        return new Scene(minInsyncReplicas, Durability.PAGE_CACHE, false);
    }

    /** Without fsync, and with an election of whoever holds most when all have answered. */
    static Scene inPageCacheComingBackByItself(int minInsyncReplicas) {
        return new Scene(minInsyncReplicas, Durability.PAGE_CACHE, true);
    }

    // ---- what happens

    /** A heading in the story. */
    Scene chapter(String heading) {
        story.chapter(heading);
        return this;
    }

    Scene run(long millis) {
        long limit = timeline.now() + millis * MILLIS;
        while (timeline.step(limit)) {
            // Each event is judged where it happens.
        }
        return this;
    }

    /** Lets time pass until something has happened. */
    Scene until(String what, BooleanSupplier happened) {
        long limit = timeline.now() + 10_000 * MILLIS;
        while (!happened.getAsBoolean()) {
            assertTrue(timeline.step(limit), () -> "never happened: " + what + "\n" + told(80));
        }
        return this;
    }

    SimGateway gateway(int machine) {
        return Objects.requireNonNull(world.on(machine), "no gateway on that machine");
    }

    SimNode node(int number) {
        return world.node(new NodeId(number));
    }

    /** A gateway takes the partition over, and serves it when this returns. */
    Scene takeOver(int machine) {
        beginTakeOver(machine);
        return untilServing(machine);
    }

    Scene beginTakeOver(int machine) {
        gateway(machine).takeOver(PARTITION);
        return this;
    }

    Scene untilServing(int machine) {
        return until(
                "machine " + machine + " serves",
                () -> gateway(machine).status(PARTITION).phase() == PartitionStatus.Phase.SERVING);
    }

    /** An operator wants a leader, in sync or not. */
    Scene electUnclean(int machine, Mandate mandate) {
        gateway(machine).electUnclean(PARTITION, mandate);
        return this;
    }

    Scene resign(int machine, String reason) {
        gateway(machine).step(PARTITION, new HostInput.Resign(reason));
        return this;
    }

    Scene restartGateway(int machine) {
        world.stopGateway(machine);
        world.startGateway(machine);
        return this;
    }

    // ---- producing

    Batch plain(Acks acks) {
        return world.invariants()
                .ledger()
                .create(PARTITION, acks, Batch.Sequenced.PLAIN, 1, 0, 1_750_000_000_000L);
    }

    Batch idempotent(long producerId, int sequence) {
        return world.invariants()
                .ledger()
                .create(
                        PARTITION,
                        Acks.ALL,
                        new Batch.Sequenced(producerId, (short) 0, sequence),
                        1,
                        0,
                        1_750_000_000_000L);
    }

    /** A batch arrives at a gateway. */
    Sent send(int machine, Batch batch) {
        Sent sent = new Sent(world.invariants().sent(batch));
        gateway(machine)
                .produce(sent.attempt, 200 * MILLIS, false, outcome -> sent.outcomes.add(outcome));
        return sent;
    }

    /** A batch is sent and ends as written. */
    Sent write(int machine, Batch batch) {
        Sent sent = send(machine, batch);
        until(batch + " is answered", sent::isAnswered);
        assertTrue(sent.isWritten(), () -> batch + " ended as " + sent.outcome());
        return sent;
    }

    // ---- faults

    Scene cut(int machine, int node) {
        return cut(machine, node, true, true);
    }

    Scene cut(int machine, int node, boolean toNode, boolean toGateway) {
        story.chapter("machine " + machine + " and node-" + node + " are cut apart");
        world.network().cut(machine, new NodeId(node), toNode, toGateway);
        return this;
    }

    Scene mend(int machine, int node) {
        return mend(machine, node, true, true);
    }

    Scene mend(int machine, int node, boolean toNode, boolean toGateway) {
        story.chapter("machine " + machine + " and node-" + node + " reach each other again");
        world.network().mend(machine, new NodeId(node), toNode, toGateway);
        return this;
    }

    Scene breakStream(int machine, int node) {
        world.network().breakStream(machine, new NodeId(node));
        return this;
    }

    Scene kill(int node) {
        node(node).crashProcess();
        world.network().nodeStopped(new NodeId(node), true);
        return this;
    }

    Scene losePower(int node, double survival) {
        harm.losePower(node(node), survival);
        world.network().nodeStopped(new NodeId(node), true);
        return this;
    }

    Scene wipe(int node) {
        harm.wipe(node(node));
        world.network().nodeStopped(new NodeId(node), true);
        return this;
    }

    Scene failSyncs(int node) {
        harm.failSyncs(node(node));
        return this;
    }

    Scene syncsSucceed(int node) {
        harm.syncsSucceed(node(node));
        return this;
    }

    Scene start(int node) {
        assertTrue(node(node).start());
        return this;
    }

    SimMetadata metadata() {
        return world.metadata();
    }

    /** Keeps from a node what a test wants to come at its own time. */
    List<Kept> keep(int node, Predicate<StorageRequest> which) {
        List<Kept> kept = new ArrayList<>();
        node(node)
                .setInterceptor(
                        (from, request) -> {
                            boolean passes = !which.test(request);
                            if (!passes) {
                                kept.add(new Kept(node(node), from, request));
                            }
                            return passes;
                        });
        return kept;
    }

    /** Writes down what a node is sent, and lets it pass. */
    List<Kept> copy(int node, Predicate<StorageRequest> which) {
        List<Kept> copies = new ArrayList<>();
        node(node)
                .setInterceptor(
                        (from, request) -> {
                            if (which.test(request)) {
                                copies.add(new Kept(node(node), from, request));
                            }
                            return true;
                        });
        return copies;
    }

    // ---- what is seen

    PartitionState stored() {
        return world.metadata().stored(PARTITION);
    }

    List<Integer> isr() {
        return stored().isr().stream().map(ref -> ref.node().value()).toList();
    }

    Scene untilIsr(Integer... nodes) {
        return until("the ISR is " + List.of(nodes), () -> isr().equals(List.of(nodes)));
    }

    long committedEnd() {
        return world.invariants().committedEnd(PARTITION);
    }

    long logEnd(int node) {
        var view = node(node).view(PARTITION);
        return view == null ? -1 : view.logEnd();
    }

    /** Everything is on all three replicas, and nothing else is. */
    Scene untilEverywhere() {
        List<NodeId> all = stored().replicas().stream().map(ref -> ref.node()).toList();
        until("all replicas agree", () -> world.invariants().isEverywhere(PARTITION, all));
        world.invariants().requireEnd(PARTITION, all);
        return this;
    }

    Story story() {
        return story;
    }

    String told(int lines) {
        return story.last(lines);
    }

    boolean isTold(String part) {
        return story.lines().stream().anyMatch(line -> line.contains(part));
    }
}
