package io.ackgate.gateway.runtime;

/**
 * How many bytes may be under way to one replica node for its partitions that catch up: as many as
 * the node takes without a queue. What clients write goes to the same node on the same stream, and
 * waits behind every byte of a catch-up that waits there.
 *
 * <p>The window follows the time that each turn takes, from the read at the leader to the
 * acknowledgement of the replica, as LEDBAT does (RFC 6817): it grows while a turn takes little
 * longer than the fastest one of late, and shrinks when it takes more. Since clients may keep the
 * node busy for ever, its lower bound doubles for each minute that the catch-up goes on: a replica
 * that stays behind is the greater harm.
 */
final class CatchUpWindow {
    /** One read of a catch-up. */
    static final int LEAST_BYTES = 256 << 10;

    /** Longer than the fastest turn, by as much, a turn may take. */
    private static final long TARGET_NANOS = 5_000_000;

    private static final long MINUTE_NANOS = 60_000_000_000L;

    /** A lone partition has nothing under way between two of its reads, and catches up still. */
    private static final long PAUSE_NANOS = 5_000_000_000L;

    /** Of the bytes of a turn, the most by which it moves the window. */
    private static final double GAIN = 0.5;

    private final long maxBytes;
    private final long least;
    private double bytes;
    private long fastestNanos = Long.MAX_VALUE;
    private long fastestBefore = Long.MAX_VALUE;
    private long minuteSince;
    private long busySince;
    private long lastAt;

    CatchUpWindow(long maxBytes, long now) {
        this.maxBytes = maxBytes;
        this.least = Math.min(maxBytes, LEAST_BYTES);
        this.bytes = (double) least;
        minuteSince = now;
        busySince = now;
        lastAt = now;
    }

    /** Nothing was under way, and now something is: after a pause, another catch-up. */
    void begin(long now) {
        if (now - lastAt > PAUSE_NANOS) {
            busySince = now;
        }
        lastAt = now;
    }

    /** A turn of {@code moved} bytes that began at {@code since} is over. */
    void ended(long moved, long since, long now) {
        lastAt = now;
        long took = now - since;
        if (now - minuteSince > MINUTE_NANOS) {
            minuteSince = now;
            fastestBefore = fastestNanos;
            fastestNanos = took;
        } else {
            fastestNanos = Math.min(fastestNanos, took);
        }
        double queued = (double) (took - Math.min(fastestNanos, fastestBefore));
        double off = Math.clamp(1 - queued / (double) TARGET_NANOS, -1.0, 1.0);
        bytes = Math.clamp(bytes + GAIN * off * moved, (double) least, (double) maxBytes);
    }

    /** Bytes that may be under way. */
    long bytes(long now) {
        long minutes = Math.min((now - busySince) / MINUTE_NANOS, 30);
        return Math.min(maxBytes, Math.max((long) bytes, (long) LEAST_BYTES << minutes));
    }
}
