package io.ackgate.simulation.run;

import static io.ackgate.simulation.check.Violation.unless;

import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.simulation.Story;
import io.ackgate.simulation.check.Invariant;
import io.ackgate.simulation.check.Violation;
import io.ackgate.simulation.check.VoidReason;
import io.ackgate.simulation.client.IdempotentProducer;
import io.ackgate.simulation.client.PlainProducer;
import io.ackgate.simulation.client.Producer;
import io.ackgate.simulation.client.ProducerSettings;
import io.ackgate.simulation.client.SimConsumer;
import io.ackgate.simulation.client.Wire;
import io.ackgate.simulation.gateway.SimGateway;
import io.ackgate.simulation.node.SimNode;
import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.Timeline;
import io.ackgate.storage.api.PartitionId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One seed: load and faults for a while, then healing, then everything must end well. */
public final class Simulation {
    private static final long HEALING_NANOS = 60_000 * Timeline.MILLIS;

    /** A hundred times what a seed takes: a client asks and is refused, round and round. */
    private static final long MAX_EVENTS = 500_000;

    /** How late an answer may be: a few rounds of a gateway's timer. */
    private static final long ANSWER_NANOS = 200 * Timeline.MILLIS;

    private static final long CHECK_NANOS = 20 * Timeline.MILLIS;

    private final long seed;
    private final Dice dice;

    /** For what producers are like; apart, so that the worlds stay what they were. */
    private final Dice habits;

    private final Timeline timeline = new Timeline();
    private final Story story;
    private final World world;
    private final Leases leases;
    private final Chaos chaos;
    private final Rot rot;
    private final Map<PartitionId, List<Producer>> producers = new LinkedHashMap<>();
    private final Map<PartitionId, SimConsumer> consumers = new LinkedHashMap<>();
    private long lastProducerId;

    private Simulation(long seed, boolean told) {
        this.seed = seed;
        this.dice = new Dice(seed);
        this.habits = new Dice(~seed);
        this.story = told ? Story.told(timeline) : Story.untold(timeline);
        Setup setup = Setup.of(dice.split());
        story.chapter("seed " + seed + ": " + setup);
        this.world = new World(setup, timeline, dice.split(), story);
        this.leases = new Leases(world, dice.split());
        Harm harm = new Harm(world);
        this.chaos = new Chaos(world, dice.split(), harm, leases);
        this.rot = new Rot(world, harm, new Dice(seed ^ 0x707));
    }

    /** Runs a seed without writing its story. */
    public static Ending run(long seed) {
        return new Simulation(seed, false).play();
    }

    /** Runs a seed on the real engine: the name of what it violates, or an empty text. */
    public static String verdict(long seed) {
        Violation violation = run(seed).violation();
        return violation == null ? "" : violation.invariant().name();
    }

    /** Runs a seed and writes its story. */
    public static Ending tell(long seed) {
        return new Simulation(seed, true).play();
    }

    private Ending play() {
        try {
            begin();
            runUntil(timeline.now() + world.setup().activeNanos());
            heal();
            settle();
            powerOffAndOn();
            return ending(null);
        } catch (Violation violation) {
            story.tell(() -> "VIOLATED " + violation.invariant() + ": " + violation.getMessage());
            return ending(violation);
        }
    }

    private Ending ending(@Nullable Violation violation) {
        long committed = 0;
        long retained = 0;
        List<VoidReason> voids = new ArrayList<>();
        for (PartitionId partition : world.partitions()) {
            committed += world.invariants().committedEnd(partition);
            retained += world.invariants().retainedFrom(partition);
            VoidReason reason = world.invariants().voidReason(partition);
            if (reason != null) {
                voids.add(reason);
            }
        }
        return new Ending(
                seed,
                violation,
                story,
                timeline.happened(),
                committed,
                retained,
                voids,
                world.partitions().size());
    }

    private void begin() {
        world.nodes().forEach(SimNode::start);
        for (int machine = 0; machine < world.machines(); machine++) {
            leases.started(world.startGateway(machine));
        }
        Setup setup = world.setup();
        for (PartitionId partition : world.partitions()) {
            List<Producer> of = new ArrayList<>();
            int idempotent = dice.between(1, 2);
            for (int i = 0; i < idempotent; i++) {
                of.add(idempotent(partition));
            }
            if (dice.chance(0.7)) {
                of.add(
                        new PlainProducer(
                                partition,
                                wire(),
                                world.clientClock(),
                                world.invariants(),
                                setup.load()));
            }
            producers.put(partition, of);
            consumers.put(
                    partition,
                    new SimConsumer(
                            partition,
                            wire(),
                            setup.load().pauseNanos(),
                            setup.load().waitNanos() / 4,
                            world.clientClock(),
                            setup.load().strangeTimeChance()));
        }
        chaos.begin();
        rot.begin();
    }

    private IdempotentProducer idempotent(PartitionId partition) {
        Setup setup = world.setup();
        IdempotentProducer producer =
                new IdempotentProducer(
                        partition,
                        wire(),
                        world.clientClock(),
                        world.invariants(),
                        setup.load(),
                        () -> ++lastProducerId,
                        ProducerSettings.of(
                                habits,
                                setup.epochBumpChance(),
                                setup.settingsOf(partition).replica()));
        if (habits.chance(0.25)) {
            int sequence = Integer.MAX_VALUE - habits.between(0, 15);
            world.goesOn(partition, producer.goOnFrom(sequence));
        }
        return producer;
    }

    private Wire wire() {
        return new Wire(timeline, dice.split(), world.setup().wire(), world);
    }

    private void runUntil(long limit) {
        while (timeline.step(limit)) {
            if (timeline.happened() > MAX_EVENTS) {
                throw new Violation(
                        Invariant.EVERYTHING_ENDS, MAX_EVENTS + " events and no end of it");
            }
        }
    }

    // ---- the end

    private void heal() {
        story.chapter("from now on nothing goes wrong any more");
        chaos.end();
        rot.end();
        producers.values().forEach(of -> of.forEach(Producer::finish));
        await(this::isQuiet);
        for (PartitionId partition : world.partitions()) {
            world.invariants().requireEnd(partition, world.setup().replicasOf(partition));
        }
        requireAnswers();
    }

    /**
     * A request that was on its way for very long may have been written since; it is replicated.
     */
    private void settle() {
        await(() -> world.partitions().stream().allMatch(this::isEverywhere));
    }

    private void await(BooleanSupplier done) {
        long limit = timeline.now() + HEALING_NANOS;
        while (!done.getAsBoolean()) {
            if (timeline.now() >= limit) {
                throw new Violation(Invariant.EVERYTHING_ENDS, "after healing: " + unfinished());
            }
            runUntil(timeline.now() + CHECK_NANOS);
        }
    }

    private boolean isEverywhere(PartitionId partition) {
        return world.invariants().isEverywhere(partition, world.setup().replicasOf(partition));
    }

    /** Also of partitions of which nothing is promised: a client that asks is told so in time. */
    private void requireAnswers() {
        consumers.values().forEach(SimConsumer::finish);
        long wait = world.setup().load().waitNanos();
        runUntil(timeline.now() + wait + wait / 10 + ANSWER_NANOS);
        for (SimGateway gateway : world.running()) {
            List<String> overdue = gateway.overdue(ANSWER_NANOS);
            unless(
                    overdue.isEmpty(),
                    Invariant.EVERYTHING_ENDS,
                    () -> gateway + " has not answered in time: " + overdue);
        }
    }

    private List<Producer> producersOf(PartitionId partition) {
        return producers.getOrDefault(partition, List.of());
    }

    private SimConsumer consumerOf(PartitionId partition) {
        return Objects.requireNonNull(consumers.get(partition), "no such partition");
    }

    private boolean isQuiet() {
        boolean quiet =
                rot.left() == null
                        && world.running().stream().allMatch(one -> one.openTurns().isEmpty());
        for (PartitionId partition : world.partitions()) {
            if (world.invariants().isVoid(partition)) {
                producersOf(partition).forEach(Producer::abandon);
                quiet &= !mayComeBack(partition) || isServed(partition);
                continue;
            }
            quiet &= producersOf(partition).stream().allMatch(Producer::isDone);
            quiet &= consumerOf(partition).next() == world.invariants().committedEnd(partition);
            quiet &= isEverywhere(partition);
        }
        return quiet;
    }

    /** Whether a partition without promises must serve again by itself. */
    private boolean mayComeBack(PartitionId partition) {
        return world.setup().settingsOf(partition).uncleanWhenAllAnswered()
                && world.running().stream()
                        .map(gateway -> gateway.status(partition))
                        .noneMatch(status -> needOperator(status.answers()) || hasNoLog(status));
    }

    /** Whether an owner's replicas have all lost their logs, so that nobody could lead. */
    private static boolean hasNoLog(PartitionStatus owner) {
        return !owner.replicas().isEmpty()
                && owner.replicas().stream()
                        .allMatch(one -> one.stage() == PartitionStatus.Stage.LOST);
    }

    /** Whether a log is there that nobody else may give up, or none at all. */
    private static boolean needOperator(List<PartitionStatus.ReplicaAnswer> answers) {
        return !answers.isEmpty()
                && (answers.stream().anyMatch(a -> a.answer() == PartitionStatus.Answer.FAULTY)
                        || answers.stream().allMatch(a -> a.logEnd() < 0));
    }

    private boolean isServed(PartitionId partition) {
        return world.running().stream()
                .anyMatch(
                        gateway ->
                                gateway.status(partition).phase() == PartitionStatus.Phase.SERVING);
    }

    private String unfinished() {
        List<String> unfinished = new ArrayList<>();
        String left = rot.left();
        if (left != null) {
            unfinished.add(left);
        }
        world.running().forEach(one -> unfinished.addAll(one.openTurns()));
        for (PartitionId partition : world.partitions()) {
            if (world.invariants().isVoid(partition)
                    && (!mayComeBack(partition) || isServed(partition))) {
                continue;
            }
            String name = "p" + partition.partition();
            for (Producer producer : producersOf(partition)) {
                if (!producer.isDone()) {
                    unfinished.add(producer.toString());
                }
            }
            long end = world.invariants().committedEnd(partition);
            long read = consumerOf(partition).next();
            if (read != end) {
                unfinished.add("consumer of %s at %d of %d".formatted(name, read, end));
            }
            if (!isEverywhere(partition)) {
                unfinished.add(
                        "%s is not everywhere: %s"
                                .formatted(name, world.metadata().stored(partition)));
            }
            for (SimGateway gateway : world.running()) {
                unfinished.add(gateway + " " + name + " " + gateway.status(partition));
            }
        }
        return String.join("; ", unfinished);
    }

    /** A last loss of power, or a shutdown in good order where a loss would be too much to ask. */
    private void powerOffAndOn() {
        story.chapter("everything is switched off and on again");
        for (int machine = 0; machine < world.machines(); machine++) {
            world.stopGateway(machine);
        }
        for (SimNode node : world.nodes()) {
            if (world.setup().allFsynced()) {
                node.losePower(0);
            } else {
                node.stopCleanly();
            }
            node.start();
        }
        for (PartitionId partition : world.partitions()) {
            world.invariants().requireEnd(partition, world.setup().replicasOf(partition));
        }
    }
}
