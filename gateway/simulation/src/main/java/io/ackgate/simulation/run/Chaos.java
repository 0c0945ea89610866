package io.ackgate.simulation.run;

import io.ackgate.gateway.host.HostInput;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.simulation.gateway.SimGateway;
import io.ackgate.simulation.node.SimNode;
import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.Timeline;
import io.ackgate.storage.api.PartitionId;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Makes things go wrong, one after the other, and each well again after a while. */
final class Chaos {
    private static final long MILLIS = Timeline.MILLIS;

    /** What cannot make an ISR smaller than it is. */
    private static final Set<Fault> HARMLESS =
            EnumSet.of(
                    Fault.LONELY_TAKER,
                    Fault.TAKEOVER,
                    Fault.REPEATED_RECONCILE,
                    Fault.CLOCK_JUMP,
                    Fault.RECONFIGURED);

    /** How probably a loss of all power is let happen where page caches are lost by it. */
    private static final double PAGE_CACHES_LOST = 0.03;

    private static final long DAY_MILLIS = 86_400_000;

    /** How far a wall clock jumps. */
    private static final List<Long> JUMPS =
            List.of(
                    -8 * DAY_MILLIS,
                    -DAY_MILLIS / 24,
                    -300L,
                    300L,
                    DAY_MILLIS / 24,
                    8 * DAY_MILLIS);

    private final World world;
    private final Dice dice;
    private final Harm harm;
    private final Leases leases;
    private final List<Fault> kinds;

    private final Cures cures;
    private final Cuts cuts;
    private final Takers takers;
    private final Ambush ambush;
    private final SettingsChanges settings;
    private boolean over;

    Chaos(World world, Dice dice, Harm harm, Leases leases) {
        this.world = world;
        this.dice = dice;
        this.harm = harm;
        this.leases = leases;
        this.kinds = List.copyOf(world.setup().faults());
        this.cures = new Cures(world.timeline());
        this.cuts = new Cuts(world, cures);
        this.takers = new Takers(world, dice, harm, cuts);
        this.settings = new SettingsChanges(world, dice);
        this.ambush = new Ambush(world, dice, cuts, takers);
    }

    void begin() {
        world.nodes().forEach(node -> node.setFailed(this::startAgain));
        if (kinds.contains(Fault.AMBUSH)) {
            ambush.begin();
        }
        if (!kinds.isEmpty()) {
            later();
        }
    }

    private void later() {
        world.timeline()
                .after(
                        dice.around(world.setup().faultPauseNanos()),
                        () -> {
                            if (!over) {
                                strike(dice.pick(kinds));
                                later();
                            }
                        });
    }

    /** Nothing goes wrong any more, and what is wrong is made well. */
    void end() {
        over = true;
        ambush.end();
        cures.now();
        for (SimNode node : world.nodes()) {
            hasSpace(node);
            node.disk().setSyncsFail(false);
            if (!node.isUp()) {
                restart(node);
            }
        }
        for (int machine = 0; machine < world.machines(); machine++) {
            if (world.on(machine) == null) {
                leases.started(world.startGateway(machine));
            }
        }
    }

    private static void hasSpace(SimNode node) {
        node.disk().setFull(false);
        node.disk().setTruncatesFail(false);
    }

    private long aWhile() {
        return dice.chance(0.2)
                ? dice.between(200 * MILLIS, 900 * MILLIS)
                : dice.between(MILLIS, 150 * MILLIS);
    }

    private int anyMachine() {
        return dice.between(0, world.machines() - 1);
    }

    private void strike(Fault fault) {
        if (harm.isFresh() && !HARMLESS.contains(fault)) {
            // A log is lost and still listed as in sync: another fault now could leave nothing of
            // an ISR.
            return;
        }
        SimNode node = dice.pick(world.nodes());
        int machine = anyMachine();
        switch (fault) {
            case BROKEN_STREAM -> {
                world.story().tell(() -> "!! stream from machine " + machine + " to " + node.id());
                world.network().breakStream(machine, node.id());
            }
            case ONE_WAY_CUT -> {
                boolean toNode = dice.chance(0.5);
                cuts.cut(machine, node, toNode, !toNode, aWhile());
            }
            case CUT -> cuts.cut(machine, node, true, true, aWhile());
            case ISOLATED_NODE -> {
                long length = aWhile();
                for (int each = 0; each < world.machines(); each++) {
                    cuts.cut(each, node, true, true, length);
                }
            }
            case ISOLATED_GATEWAY -> {
                long length = aWhile();
                world.nodes().forEach(each -> cuts.cut(machine, each, true, true, length));
            }
            case GATEWAY_WITHOUT_ROUTE -> {
                long length = dice.between(200 * MILLIS, 1_500 * MILLIS);
                world.stopGateway(machine);
                world.nodes().forEach(each -> cuts.cut(machine, each, true, true, length));
                leases.started(world.startGateway(machine));
            }
            case NO_METADATA -> {
                world.story().tell(() -> "!! machine " + machine + " is cut off from metadata");
                world.metadata().setCutOff(machine, true);
                cures.after(aWhile(), () -> world.metadata().setCutOff(machine, false));
            }
            case KILLED_NODE -> {
                if (node.isUp()) {
                    node.crashProcess();
                    world.network().nodeStopped(node.id(), true);
                    cures.after(aWhile(), () -> restart(node));
                }
            }
            case NODE_WITHOUT_POWER -> {
                if (harm.mayLosePower(node)) {
                    losePower(node, dice.pick(List.of(0.0, 0.5, 0.9, 1.0)), aWhile());
                }
            }
            case POWER_LOSS_OF_ALL -> {
                if (world.setup().allFsynced() || dice.chance(PAGE_CACHES_LOST)) {
                    double survival = dice.pick(List.of(0.0, 0.5, 0.9));
                    world.nodes().forEach(each -> losePower(each, survival, aWhile()));
                }
            }
            case WIPED_DISK -> replace(node);
            case TWO_WIPED_DISKS -> {
                replace(node);
                SimNode other = dice.pick(world.nodes());
                world.timeline()
                        .after(
                                dice.between(0, 100 * MILLIS),
                                () -> {
                                    if (!over && other != node) {
                                        replace(other);
                                    }
                                });
            }
            case CLOCK_JUMP -> jump(machine, node);
            case RECONFIGURED -> settings.change(anyPartition());
            case BIT_FLIP -> {
                if (harm.mayLoseDisk(node) && harm.flipBit(node)) {
                    cures.after(
                            dice.between(50 * MILLIS, 400 * MILLIS), () -> replaceDecayed(node));
                }
            }
            case FULL_DISK -> {
                world.story().tell(() -> "!! the disk of " + node.id() + " is full");
                node.disk().setFull(true);
                node.disk().setTruncatesFail(dice.chance(0.5));
                cures.after(aWhile(), () -> hasSpace(node));
            }
            case OUT_OF_DESCRIPTORS -> {
                world.story().tell(() -> "!! " + node.id() + " can open no file");
                node.disk().setOutOfDescriptors(true);
                cures.after(aWhile(), () -> node.disk().setOutOfDescriptors(false));
            }
            case FAILED_READS -> {
                world.story().tell(() -> "!! nothing can be read from the disk of " + node.id());
                node.disk().setReadsFail(true);
                world.invariants().readsFail(node.id());
                cures.after(aWhile(), () -> node.disk().setReadsFail(false));
            }
            case SLOW_DISK -> {
                world.story().tell(() -> "!! the disk of " + node.id() + " is slow");
                node.setSyncNanos(dice.between(20, 150) * MILLIS);
                cures.after(aWhile(), () -> node.setSyncNanos(world.setup().syncNanos()));
            }
            case FAILED_FSYNC -> {
                if (harm.mayLoseDisk(node)) {
                    harm.failSyncs(node);
                    cures.after(dice.between(MILLIS, 20 * MILLIS), () -> harm.syncsSucceed(node));
                }
            }
            case FAILED_START -> {
                if (node.isUp()) {
                    node.crashProcess();
                    world.network().nodeStopped(node.id(), true);
                    cures.after(dice.between(MILLIS, 40 * MILLIS), () -> failStart(node));
                }
            }
            case PAUSED_GATEWAY -> pauseGateway(machine);
            case PAUSED_NODE -> {
                if (node.isUp()) {
                    node.pause();
                    cures.after(aWhile(), node::resume);
                }
            }
            case KILLED_GATEWAY -> {
                if (world.on(machine) != null) {
                    world.stopGateway(machine);
                    cures.after(
                            aWhile(),
                            () -> {
                                if (world.on(machine) == null) {
                                    leases.started(world.startGateway(machine));
                                }
                            });
                }
            }
            case TAKEOVER -> {
                PartitionId partition = anyPartition();
                takers.takeOver(machine, partition);
                if (dice.chance(0.3)) {
                    takers.takeOver(anyMachine(), partition);
                }
            }
            case LONELY_TAKER -> takers.lonely(machine, anyPartition());
            case REPEATED_RECONCILE -> node.repeatReconciles();
            case AMBUSH -> {
                // Lies in wait for as long as faults go on, see begin().
            }
            case RESIGN -> resign(machine, anyPartition());
        }
    }

    private PartitionId anyPartition() {
        return dice.pick(List.copyOf(world.partitions()));
    }

    /** A node gets an empty disk, where every ISR can do without the one it has. */
    private void replace(SimNode node) {
        if (harm.mayLoseDisk(node)) {
            harm.wipe(node);
            world.network().nodeStopped(node.id(), false);
            cures.after(aWhile(), () -> restart(node));
        }
    }

    private void jump(int machine, SimNode node) {
        boolean ofNode = dice.chance(0.7);
        long millis = dice.pick(JUMPS);
        world.story()
                .tell(
                        () ->
                                "!! the clock of %s jumps by %d ms"
                                        .formatted(
                                                ofNode ? node.id() : "machine " + machine, millis));
        if (ofNode) {
            node.clock().jump(millis);
        } else {
            world.gatewayClock(machine).jump(millis);
        }
    }

    /** An operator has found out that a disk decays, whether or not the node has. */
    private void replaceDecayed(SimNode node) {
        if (harm.isDecayed(node) && harm.mayBeReplaced(node)) {
            harm.wipe(node);
            world.network().nodeStopped(node.id(), false);
            cures.after(aWhile(), () -> restart(node));
        }
    }

    private void losePower(SimNode node, double survival, long nanos) {
        harm.losePower(node, survival);
        world.network().nodeStopped(node.id(), false);
        cures.after(nanos, () -> restart(node));
    }

    /**
     * Starts a node's process; what cannot start is tried again, and in the end gets a new disk.
     */
    private void restart(SimNode node) {
        if (node.isUp() || node.start()) {
            return;
        }
        if (over && !harm.mayBeReplaced(node)) {
            return;
        }
        if (over) {
            harm.wipe(node);
            restart(node);
        } else {
            world.timeline().after(50 * MILLIS, () -> restart(node));
        }
    }

    /**
     * Lets an fsync of a start fail: what was not synced by then never will be of its own accord.
     */
    private void failStart(SimNode node) {
        if (node.isUp() || harm.startWithFailingSyncs(node, dice.between(0, 12)) || over) {
            return;
        }
        world.timeline().after(dice.between(MILLIS, 20 * MILLIS), () -> restart(node));
        world.timeline()
                .after(
                        dice.between(20 * MILLIS, 100 * MILLIS),
                        () -> {
                            if (!over && node.isUp() && harm.mayLosePower(node)) {
                                losePower(node, dice.pick(List.of(0.0, 0.5)), aWhile());
                            }
                        });
    }

    /** A process that cannot go on ends, and its supervisor starts it again. */
    private void startAgain(SimNode node) {
        node.crashProcess();
        world.network().nodeStopped(node.id(), true);
        world.timeline().after(30 * MILLIS, () -> restart(node));
    }

    private void pauseGateway(int machine) {
        SimGateway gateway = world.on(machine);
        if (gateway != null && !gateway.isPaused()) {
            gateway.pause();
            cures.after(
                    dice.chance(0.2) ? dice.between(500 * MILLIS, 1_600 * MILLIS) : aWhile(),
                    () -> {
                        if (gateway.exists()) {
                            gateway.resume();
                        }
                    });
        }
    }

    private void resign(int machine, PartitionId partition) {
        SimGateway gateway = world.on(machine);
        if (gateway != null && gateway.status(partition).phase() != PartitionStatus.Phase.IDLE) {
            gateway.step(partition, new HostInput.Resign("it is told to"));
        }
    }
}
