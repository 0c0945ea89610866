package io.ackgate.client.wire;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waits between attempts: doubled each time up to a maximum, and spread by a fifth either way so
 * that clients that failed together do not come back together (KIP-580).
 */
public final class Backoff {
    private static final double JITTER = 0.2;
    private static final int MAX_DOUBLINGS = 30;

    private final long firstNanos;
    private final long mostNanos;
    private final RandomGenerator random;

    public Backoff(Duration first, Duration most, RandomGenerator random) {
        this.firstNanos = first.toNanos();
        this.mostNanos = most.toNanos();
        this.random = random;
    }

    /**
     * How long to wait.
     *
     * @param failures attempts that failed so far, at least 1
     * @return nanoseconds
     */
    public long nanosAfter(int failures) {
        int doublings = Math.min(failures - 1, MAX_DOUBLINGS);
        double wait = Math.min((double) mostNanos, (double) firstNanos * (1L << doublings));
        return (long) (wait * random.nextDouble(1 - JITTER, 1 + JITTER));
    }
}
