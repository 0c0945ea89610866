package io.ackgate.gateway.ownership;

/**
 * How a gateway's attempts at one partition failed, one after the other, and when it tries again:
 * by itself soon, and later where another gateway may do better.
 *
 * <p>All pauses double with each failure in a row and are bounded. The jitter comes from a hash, so
 * that partitions that failed together are not tried again together.
 */
final class Setbacks {
    /** What kind of failure it was. */
    enum Kind {
        /** Something that may be over at once. */
        PASSING,
        /** Nobody who may lead answered for a whole takeover timeout. */
        OFFLINE,
        /** An invariant did not hold, or the partition threw. */
        BROKEN
    }

    /** After so many failures in a row of any kind others go first. */
    private static final int MANY = 3;

    /** The bound of pauses that follow a takeover timeout, as a multiple of it. */
    private static final int MOST_TIMEOUTS = 12;

    private final long seed;
    private final long leastNanos;
    private final long mostNanos;
    private int inARow;
    private boolean offline;
    private long retryAt;
    private long othersFirstUntil;

    /**
     * No failures yet.
     *
     * @param leastNanos the first pause after a passing failure
     * @param mostNanos the longest pause after passing failures
     */
    Setbacks(long seed, long leastNanos, long mostNanos, long now) {
        this.seed = seed;
        this.leastNanos = leastNanos;
        this.mostNanos = mostNanos;
        this.retryAt = now;
        this.othersFirstUntil = now;
    }

    /** When it tries again if there is nobody else. */
    long retryAt() {
        return retryAt;
    }

    /**
     * Until when it leaves the partition to others, if there are any; at least {@link #retryAt}.
     */
    long othersFirstUntil() {
        return othersFirstUntil;
    }

    /** Whether it leaves the partition to others for longer than it would pause alone. */
    boolean standsBack() {
        return othersFirstUntil - retryAt > 0;
    }

    void failed(Kind kind, long timeoutNanos, long now) {
        inARow++;
        offline = kind == Kind.OFFLINE;
        long pause =
                switch (kind) {
                    case PASSING -> doubled(leastNanos, mostNanos);
                    case OFFLINE -> doubled(timeoutNanos / 4, MOST_TIMEOUTS * timeoutNanos);
                    case BROKEN -> doubled(timeoutNanos, MOST_TIMEOUTS * timeoutNanos);
                };
        retryAt = now + jittered(pause);
        othersFirstUntil = retryAt;
        if (kind != Kind.PASSING || inARow >= MANY) {
            long back = doubled(2 * timeoutNanos, MOST_TIMEOUTS * timeoutNanos);
            othersFirstUntil = Math.max(retryAt, now + jittered(back));
        }
    }

    /** Another gateway was faster: no failure, and no reason to hurry. */
    void superseded(long now) {
        retryAt = Math.max(retryAt, now + jittered(leastNanos));
        othersFirstUntil = Math.max(retryAt, othersFirstUntil);
    }

    /** It went well for a while: the next failure is the first one. */
    void over() {
        inARow = 0;
        offline = false;
    }

    /** A replica that did not answer may answer now. */
    void mayHaveEnded(long now) {
        if (offline) {
            retryAt = now;
            othersFirstUntil = now;
        }
    }

    private long doubled(long firstNanos, long boundNanos) {
        int doublings = Math.min(inARow - 1, 40);
        return firstNanos > boundNanos >> doublings ? boundNanos : firstNanos << doublings;
    }

    /** From half of it to all of it. */
    private long jittered(long nanos) {
        long half = nanos / 2;
        return half + Long.remainderUnsigned(Rendezvous.mix(seed + inARow), half + 1);
    }
}
