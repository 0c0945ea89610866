package io.ackgate.simulation.run;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.simulation.check.Harmed;
import io.ackgate.simulation.metadata.SimMetadata;
import io.ackgate.simulation.node.SimNode;
import io.ackgate.simulation.time.Timeline;
import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.disk.simulated.Flipped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Harm to disks, kept within what the promises allow: in every ISR that is stored, and in every one
 * that may yet be, one member keeps its disk.
 */
final class Harm {
    /** After which a node has noticed that an fsync failed. */
    private static final long NOTICED_NANOS = 200 * Timeline.MILLIS;

    private record Lost(PartitionId partition, NodeId node, Incarnation incarnation) {}

    private final World world;

    /** Logs that are gone, and that some ISR may still list. */
    private final List<Lost> lost = new ArrayList<>();

    /** Nodes whose fsyncs fail: their logs may be given up at any moment. */
    private final Set<NodeId> failing = new HashSet<>();

    Harm(World world) {
        this.world = world;
    }

    /** Whether an ISR still lists a log that is gone. */
    boolean isFresh() {
        lost.removeIf(
                one -> {
                    PartitionState stored = world.metadata().stored(one.partition());
                    ReplicaRef ref = stored.replica(one.node()).orElse(null);
                    return ref == null
                            || !ref.inSync()
                            || !ref.incarnation().equals(one.incarnation());
                });
        return !lost.isEmpty();
    }

    /** Nodes whose log of a partition is gone and still listed as in sync. */
    List<NodeId> lost(PartitionId partition) {
        return isFresh()
                ? lost.stream()
                        .filter(one -> one.partition().equals(partition))
                        .map(Lost::node)
                        .toList()
                : List.of();
    }

    boolean mayLoseDisk(SimNode node) {
        return node.partitions().stream().allMatch(partition -> canSpare(partition, node.id()));
    }

    /** A loss of power harms what rests in the page cache only. */
    boolean mayLosePower(SimNode node) {
        return node.partitions().stream()
                .allMatch(partition -> isFsynced(partition) || canSpare(partition, node.id()));
    }

    /** A node that cannot start any more may get a new disk if nobody needs the old one. */
    boolean mayBeReplaced(SimNode node) {
        return mayLoseDisk(node);
    }

    private boolean isFsynced(PartitionId partition) {
        return world.setup().settingsOf(partition).replica().durability() == Durability.FSYNC;
    }

    private boolean canSpare(PartitionId partition, NodeId node) {
        if (world.invariants().isVoid(partition)) {
            return true;
        }
        if (!survives(partition, world.metadata().stored(partition), node)) {
            return false;
        }
        for (SimMetadata.Pending pending : world.metadata().pending()) {
            if (pending.partition().equals(partition)
                    && !survives(partition, pending.next(), node)) {
                return false;
            }
        }
        return true;
    }

    private boolean survives(PartitionId partition, PartitionState state, NodeId without) {
        Set<NodeId> harmed = new HashSet<>(failing);
        harmed.add(without);
        return state.isr().isEmpty() || world.invariants().survivors(partition, state, harmed) > 0;
    }

    void wipe(SimNode node) {
        world.story().tell(() -> "!! the disk of " + node.id() + " is replaced");
        node.wipe();
        for (PartitionId partition : node.partitions()) {
            harmed(partition, node, Harmed.DISK_REPLACED);
            world.invariants().wiped(partition, node.id());
        }
    }

    void losePower(SimNode node, double survival) {
        world.story().tell(() -> "!! " + node.id() + " loses power, " + survival + " survives");
        node.losePower(survival);
        for (PartitionId partition : node.partitions()) {
            if (!isFsynced(partition)) {
                harmed(partition, node, Harmed.POWER_LOST);
            }
        }
    }

    void failSyncs(SimNode node) {
        world.story().tell(() -> "!! fsync of " + node.id() + " fails");
        failing.add(node.id());
        node.disk().setSyncsFail(true);
        node.disk().setSyncFailed(() -> syncFailed(node));
    }

    /** Fsyncs succeed again; what failed meanwhile the node has noticed, or soon will. */
    void syncsSucceed(SimNode node) {
        node.disk().setSyncsFail(false);
        world.timeline().after(NOTICED_NANOS, () -> failing.remove(node.id()));
    }

    /** A start whose fsync fails leaves everything to the next one: nothing is excused by it. */
    boolean startWithFailingSyncs(SimNode node, int successes) {
        world.story()
                .tell(() -> "!! fsync of " + node.id() + " fails after " + successes + " more");
        node.disk().failSyncsAfter(successes);
        node.disk().setSyncFailed(() -> {});
        boolean up = node.start();
        node.disk().setSyncsFail(false);
        return up;
    }

    private void syncFailed(SimNode node) {
        for (PartitionId partition : node.partitions()) {
            world.invariants().excused(partition, node.id());
        }
    }

    /** False if there is nothing on the disk that may decay. */
    boolean flipBit(SimNode node) {
        Flipped where = node.disk().flipBit((path, size) -> Decay.flippable(path, size));
        if (where == null) {
            return false;
        }
        world.story().tell(() -> "!! a bit flips on " + node.id() + " at " + where);
        for (PartitionId partition : node.partitions()) {
            world.invariants()
                    .harmed(
                            partition,
                            node.id(),
                            Harmed.DECAYED,
                            world.metadata().stored(partition));
            world.invariants().decayed(partition, node.id());
        }
        return true;
    }

    /**
     * Turns a bit over in a log, in a segment that is closed; nothing else of the node's disk is
     * harmed. Null if the log cannot be spared, or has no such segment.
     */
    @Nullable Flipped rot(SimNode node, PartitionId partition) {
        if (!canSpare(partition, node.id())) {
            return null;
        }
        Flipped where = node.disk().flipBit(Decay.closedSegments(node.disk(), partition));
        if (where == null) {
            return null;
        }
        world.story().tell(() -> "!! a log rots on " + node.id() + " at " + where);
        world.invariants()
                .harmed(partition, node.id(), Harmed.DECAYED, world.metadata().stored(partition));
        world.invariants().rotten(partition, node.id());
        return where;
    }

    boolean isDecayed(SimNode node) {
        return node.partitions().stream()
                .anyMatch(partition -> world.invariants().isDecayed(partition, node.id()));
    }

    private void harmed(PartitionId partition, SimNode node, Harmed how) {
        PartitionState stored = world.metadata().stored(partition);
        stored.replica(node.id())
                .filter(ReplicaRef::inSync)
                .ifPresent(ref -> lost.add(new Lost(partition, node.id(), ref.incarnation())));
        world.invariants().harmed(partition, node.id(), how, stored);
    }
}
