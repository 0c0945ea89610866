package io.ackgate.gateway.partition.leading;

/**
 * The time of append, which tells how long a producer has been silent. It never jumps, whatever a
 * wall clock does, so that no jump makes a producer expire that goes on writing; and no owner is
 * behind the one before.
 *
 * <p>An epoch begins at the gateway's wall clock if that is near the last append in the log. A wall
 * clock that is further ahead may be wrong, or nobody may have written for as long: nobody can tell
 * which, least of all a process that has just started. So the epoch begins at the last append, and
 * goes on by the clock that never goes back. Once the wall clock has stood for {@link
 * #STANDING_MILLIS}, the time of append catches up with it at twice the speed of time: a producer
 * then expires after half the usual silence at the earliest. Where the log names no producer there
 * is nobody to expire, and any wall clock is taken.
 */
public final class AppendClock {
    /** How far ahead of the last append in the log a wall clock is taken at once. */
    public static final long TOLERANCE_MILLIS = 60_000;

    /** How long a wall clock that is further ahead has to stand before it counts. */
    public static final long STANDING_MILLIS = 3_600_000;

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** When the last batch in the log was appended; 0 if none is known. */
    private long floorMillis;

    private long originMillis;
    private long originNanos;

    /** How much is to be caught up with in this epoch; only ever less. */
    private long aheadMillis;

    /** How much of {@link #aheadMillis} has been caught up with. */
    private long caughtUpMillis;

    private boolean started;

    /**
     * A batch that is in the log was appended then.
     *
     * @param millis since 1970-01-01T00:00Z
     */
    public void notBefore(long millis) {
        floorMillis = Math.max(floorMillis, millis);
    }

    /**
     * The time of append of a batch that has arrived now.
     *
     * @param wallMillis the gateway's clock, milliseconds since 1970-01-01T00:00Z
     * @param nowNanos a clock that never goes back
     * @return milliseconds since 1970-01-01T00:00Z, never less than before
     */
    public long millis(long wallMillis, long nowNanos) {
        if (!started) {
            start(wallMillis, nowNanos);
        }
        long passed = (nowNanos - originNanos) / NANOS_PER_MILLI;
        // A wall clock that has been set back was wrong.
        aheadMillis = Math.clamp(wallMillis - originMillis - passed, caughtUpMillis, aheadMillis);
        caughtUpMillis = Math.clamp(passed - STANDING_MILLIS, caughtUpMillis, aheadMillis);
        return originMillis + passed + caughtUpMillis;
    }

    private void start(long wallMillis, long nowNanos) {
        boolean taken = floorMillis == 0 || wallMillis - floorMillis <= TOLERANCE_MILLIS;
        originMillis = taken ? Math.max(floorMillis, wallMillis) : floorMillis;
        originNanos = nowNanos;
        aheadMillis = Math.max(0, wallMillis - originMillis);
        started = true;
    }
}
