package io.ackgate.gateway.runtime;

import java.util.function.LongSupplier;

/**
 * The time by which others are judged by one who looks every second: all that passed, without most
 * of what passed while the process stood still. What they did meanwhile has not been seen when the
 * first look comes. Confined to the thread of its owner.
 */
final class WatchedTime {
    /** What counts of the time between two looks at the most. */
    private static final long LATE_NANOS = 2_000_000_000L;

    private final LongSupplier clock;
    private long lookedAt;
    private long watched;

    /**
     * Begins at 0.
     *
     * @param clock nanoseconds that never go back
     */
    WatchedTime(LongSupplier clock) {
        this.clock = clock;
        lookedAt = clock.getAsLong();
    }

    /** Nanoseconds that have been watched; never goes back. */
    long now() {
        return watched + Math.min(clock.getAsLong() - lookedAt, LATE_NANOS);
    }

    /** The same, at a look. */
    long look() {
        long at = clock.getAsLong();
        watched += Math.min(at - lookedAt, LATE_NANOS);
        lookedAt = at;
        return watched;
    }
}
