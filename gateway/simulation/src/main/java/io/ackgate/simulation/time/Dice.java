package io.ackgate.simulation.time;

import io.ackgate.storage.disk.simulated.Chance;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** All the chance there is in a simulation, from one seed; or none at all. */
public final class Dice implements Chance {
    private final @Nullable SplittableRandom random;

    public Dice(long seed) {
        this(new SplittableRandom(seed));
    }

    private Dice(@Nullable SplittableRandom random) {
        this.random = random;
    }

    /**
     * Dice that always show the same: what is typical happens, what is merely possible does not.
     */
    public static Dice still() {
        return new Dice(null);
    }

    /**
     * Dice of their own for one part of the world, so that one part that rolls once more does not
     * change what every other part rolls.
     */
    public Dice split() {
        return random == null ? this : new Dice(random.split());
    }

    /** True with this probability, 0 to 1. */
    @Override
    public boolean chance(double probability) {
        return random == null
                ? probability >= 1
                : probability > 0 && random.nextDouble() < probability;
    }

    /** A number from {@code low} to {@code high}, both possible. */
    @Override
    public int between(int low, int high) {
        return random == null ? low : low + random.nextInt(high - low + 1);
    }

    /** A number from {@code low} to {@code high}, both possible. */
    public long between(long low, long high) {
        return random == null ? low : low + random.nextLong(high - low + 1);
    }

    /** A fraction from {@code low} to {@code high}. */
    public double between(double low, double high) {
        return random == null ? low : low + random.nextDouble() * (high - low);
    }

    /** One of the elements of a list that is not empty. */
    @Override
    public <T> T pick(List<T> list) {
        return list.get(between(0, list.size() - 1));
    }

    /**
     * A duration around {@code typical}: mostly below twice of it, now and then far above, as
     * delays are.
     */
    public long around(long typical) {
        if (random == null) {
            return typical;
        }
        double roll = random.nextDouble();
        double stretched =
                roll < 0.95 ? 0.25 + 1.5 * random.nextDouble() : 2 + 6 * random.nextDouble();
        return Math.max(1, (long) (typical * stretched));
    }
}
