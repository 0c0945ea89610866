package io.ackgate.simulation.run;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.simulation.metadata.SimMetadata;
import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.Timeline;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Lies in wait for changes of an ISR, and has another gateway take over as soon as one has landed:
 * then a replica may just be in that should not, or what is committed may be known to nobody yet.
 */
final class Ambush {
    private static final long MILLIS = Timeline.MILLIS;

    private final World world;
    private final Dice dice;
    private final Cuts cuts;
    private final Takers takers;
    private boolean over;

    Ambush(World world, Dice dice, Cuts cuts, Takers takers) {
        this.world = world;
        this.dice = dice;
        this.cuts = cuts;
        this.takers = takers;
    }

    void begin() {
        world.metadata().setAmbush(this::delays);
    }

    void end() {
        over = true;
    }

    private boolean delays(int machine, SimMetadata.Pending change) {
        PartitionState stored = world.metadata().stored(change.partition());
        boolean sameEpoch =
                stored.published() && change.next().leaderEpoch() == stored.leaderEpoch();
        if (over || !sameEpoch || !dice.chance(0.5)) {
            return false;
        }
        Optional<ReplicaRef> added = missing(change.next(), stored);
        if (added.isPresent()) {
            return admission(machine, change.partition(), added.get());
        }
        missing(stored, change.next()).ifPresent(ref -> removal(change.partition(), ref));
        return false;
    }

    /** A member of one ISR that the other does not list. */
    private static Optional<ReplicaRef> missing(PartitionState of, PartitionState in) {
        return of.isr().stream()
                .filter(ref -> !in.isInSync(ref.node(), ref.incarnation()))
                .findFirst();
    }

    /**
     * A replica is to be added: it does not hear of anything from now on, that lands, perhaps late,
     * and a taker reaches it.
     */
    private boolean admission(int machine, PartitionId partition, ReplicaRef added) {
        long length = dice.between(100 * MILLIS, 500 * MILLIS);
        cuts.cut(machine, world.node(added.node()), true, true, length);
        whenLanded(
                () -> isInSync(partition, added),
                world.timeline().now() + length,
                () -> takers.reaching(taker(partition), partition, Set.of(added.node()), 0.75));
        return dice.chance(0.5);
    }

    /**
     * A replica is to be removed: what has waited for it is committed now, and a taker reaches it
     * and one that has all, before anybody is told what is committed.
     */
    private void removal(PartitionId partition, ReplicaRef removed) {
        whenLanded(
                () -> !isInSync(partition, removed),
                world.timeline().now() + 100 * MILLIS,
                () -> {
                    NodeId left = dice.pick(world.metadata().stored(partition).isr()).node();
                    takers.reaching(taker(partition), partition, Set.of(left, removed.node()), 1);
                });
    }

    private boolean isInSync(PartitionId partition, ReplicaRef ref) {
        return world.metadata().stored(partition).isInSync(ref.node(), ref.incarnation());
    }

    private int taker(PartitionId partition) {
        return (world.ownerOf(partition) + 1) % world.machines();
    }

    private void whenLanded(BooleanSupplier landed, long untilNanos, Runnable then) {
        world.timeline()
                .every(
                        MILLIS,
                        () -> {
                            boolean now = landed.getAsBoolean();
                            if (now && !over) {
                                then.run();
                            }
                            return !now && !over && world.timeline().now() < untilNanos;
                        });
    }
}
