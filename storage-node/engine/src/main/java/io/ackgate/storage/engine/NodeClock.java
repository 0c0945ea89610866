package io.ackgate.storage.engine;

import java.util.function.LongSupplier;

/**
 * The time by a wall clock that is not believed when it jumps.
 *
 * <p>The wall clock is followed for as long as it goes on like the monotonic one. When the two part
 * by more than {@link #TOLERANCE_MILLIS}, the time goes on by the monotonic clock beside the wall
 * clock's, and {@link NodeTime} gives both. Only a difference that has stood for {@link
 * #STANDING_MILLIS} is taken for right. A start has no monotonic clock to compare with: there a
 * wall clock that is further than {@link #START_TOLERANCE_MILLIS} from the last checkpoint's time
 * counts as one that has jumped. Confined to one thread.
 */
public final class NodeClock {
    /** How far the wall clock may move against the monotonic one at once, either way. */
    public static final long TOLERANCE_MILLIS = 60_000;

    /** How long a jump has to stand before it is believed. */
    public static final long STANDING_MILLIS = 3_600_000;

    /** How far the wall clock of a start may be from the last checkpoint's, either way. */
    public static final long START_TOLERANCE_MILLIS = 86_400_000;

    /** The time of a node that has no checkpoint yet. */
    public static final long UNKNOWN = -1;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final LongSupplier wallMillis;
    private final LongSupplier monotonicNanos;

    /** A moment of which the time is believed. */
    private long anchorMillis;

    private long anchorNanos;

    /** By how much the wall clock differs since {@link #jumpedAtNanos}; 0 if it is believed. */
    private long jumpMillis;

    private long jumpedAtNanos;

    /**
     * A clock.
     *
     * @param lastKnownMillis the time by the last checkpoint, or {@link #UNKNOWN}
     */
    public NodeClock(LongSupplier wallMillis, LongSupplier monotonicNanos, long lastKnownMillis) {
        this.wallMillis = wallMillis;
        this.monotonicNanos = monotonicNanos;
        long wall = wallMillis.getAsLong();
        boolean near =
                lastKnownMillis == UNKNOWN
                        || Math.abs(wall - lastKnownMillis) <= START_TOLERANCE_MILLIS;
        believe(monotonicNanos.getAsLong(), near ? wall : lastKnownMillis);
    }

    /** Reads both clocks. */
    public NodeTime now() {
        long nanos = monotonicNanos.getAsLong();
        long wall = wallMillis.getAsLong();
        long steady = anchorMillis + (nanos - anchorNanos) / NANOS_PER_MILLI;
        long difference = wall - steady;
        if (Math.abs(difference) <= TOLERANCE_MILLIS || hasStood(difference, nanos)) {
            believe(nanos, wall);
            return new NodeTime(nanos, wall, wall);
        }
        return new NodeTime(nanos, Math.min(wall, steady), Math.max(wall, steady));
    }

    private boolean hasStood(long difference, long nanos) {
        if (jumpMillis == 0 || Math.abs(difference - jumpMillis) > TOLERANCE_MILLIS) {
            jumpMillis = difference;
            jumpedAtNanos = nanos;
        }
        return nanos - jumpedAtNanos >= STANDING_MILLIS * NANOS_PER_MILLI;
    }

    private void believe(long nanos, long millis) {
        anchorNanos = nanos;
        anchorMillis = millis;
        jumpMillis = 0;
    }

    /**
     * By how many milliseconds the wall clock is ahead of what is believed, as {@link #now} found
     * it; negative if it is behind, 0 if it is believed.
     */
    public long jumpMillis() {
        return jumpMillis;
    }
}
