package io.ackgate.gateway.runtime;

import java.util.concurrent.ThreadLocalRandom;

/** Pauses that double, with jitter so that those who failed together do not try again together. */
final class Backoff {
    private final long leastNanos;
    private final long mostNanos;
    private long nextNanos;

    Backoff(long leastNanos, long mostNanos) {
        this.leastNanos = leastNanos;
        this.mostNanos = mostNanos;
        this.nextNanos = leastNanos;
    }

    /** The next pause: from half of what is due to all of it. */
    long nextNanos() {
        long due = nextNanos;
        nextNanos = Math.min(mostNanos, due * 2);
        return due / 2 + ThreadLocalRandom.current().nextLong(due / 2 + 1);
    }

    /** Begins again with the shortest. */
    void reset() {
        nextNanos = leastNanos;
    }
}
