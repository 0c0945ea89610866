package io.ackgate.simulation.run;

import io.ackgate.simulation.node.SimNode;
import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.Timeline;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.disk.simulated.Flipped;
import org.jspecify.annotations.Nullable;

/**
 * In some worlds one log rots in silence: nobody replaces its disk, and perhaps nobody reads what
 * is rotten. The node itself has to find it, and the owner to have the log made anew.
 *
 * <p>Throws dice of its own, so that worlds are otherwise what they would be without it.
 */
final class Rot {
    private static final double CHANCE = 0.2;
    private static final long PAUSE_NANOS = 20 * Timeline.MILLIS;

    private record Rotten(PartitionId partition, SimNode node, Flipped where) {}

    private final World world;
    private final Harm harm;
    private final Dice dice;
    private @Nullable Rotten rotten;
    private boolean over;

    Rot(World world, Harm harm, Dice dice) {
        this.world = world;
        this.harm = harm;
        this.dice = dice;
    }

    void begin() {
        if (dice.chance(CHANCE)) {
            long whole = world.setup().activeNanos();
            world.timeline()
                    .after(
                            dice.between(whole / 3, whole),
                            () -> world.timeline().every(PAUSE_NANOS, this::strike));
        }
    }

    /** Nothing rots any more. */
    void end() {
        over = true;
    }

    /** Tried until a log can be spared and has something that may rot. */
    private boolean strike() {
        if (over) {
            return false;
        }
        SimNode node = dice.pick(world.nodes());
        if (node.partitions().isEmpty()) {
            return true;
        }
        PartitionId partition = dice.pick(node.partitions());
        Flipped where = harm.rot(node, partition);
        if (where == null) {
            return true;
        }
        rotten = new Rotten(partition, node, where);
        return false;
    }

    /**
     * A log that is rotten and still in use, in words; null if there is none. A new incarnation
     * alone mends nothing: it may have kept the files. A log that began anew does, though files of
     * the one before may be left until the next start.
     */
    @Nullable String left() {
        Rotten one = rotten;
        if (one == null
                || world.invariants().isVoid(one.partition())
                || !world.invariants().isDecayed(one.partition(), one.node().id())
                || !one.where().stands()
                || Decay.isWhole(one.node().disk(), one.where())) {
            return null;
        }
        return "%s is rotten on %s at %s"
                .formatted("p" + one.partition().partition(), one.node().id(), one.where());
    }
}
