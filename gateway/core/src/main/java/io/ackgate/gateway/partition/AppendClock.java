package io.ackgate.gateway.partition;

/**
 * The time of append, which tells how long a producer has been silent: the gateway's wall clock as
 * it was at the first batch of the epoch, carried on by the clock that never goes back. A wall
 * clock that jumps while the epoch lasts makes nobody expire, and no owner is behind the one
 * before.
 */
final class AppendClock {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private long floorMillis;
    private long originMillis;
    private long originNanos;
    private boolean started;

    /**
     * A batch that is in the log was appended then.
     *
     * @param millis since 1970-01-01T00:00Z
     */
    void notBefore(long millis) {
        floorMillis = Math.max(floorMillis, millis);
    }

    /**
     * The time of append of a batch that has arrived now.
     *
     * @param wallMillis the gateway's clock, milliseconds since 1970-01-01T00:00Z
     * @param nowNanos a clock that never goes back
     * @return milliseconds since 1970-01-01T00:00Z, never less than before
     */
    long millis(long wallMillis, long nowNanos) {
        if (!started) {
            originMillis = Math.max(floorMillis, wallMillis);
            originNanos = nowNanos;
            started = true;
        }
        return originMillis + (nowNanos - originNanos) / NANOS_PER_MILLI;
    }
}
