package io.ackgate.storage.engine;

/**
 * What time it is, as far as a node can tell. While its clocks disagree there are two answers:
 * whatever is deleted or expired is judged by the earlier one, and whatever is stamped gets the
 * later one, so that neither is too early whichever of the two is right.
 *
 * @param nanos of a monotonic clock, which intervals are measured by
 * @param earliestMillis since 1970; age is counted up to here
 * @param latestMillis since 1970, {@code earliestMillis} or more; what is appended is stamped with
 *     it
 */
public record NodeTime(long nanos, long earliestMillis, long latestMillis) {
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** A time that all clocks agree on, for those who have one clock only. */
    public static NodeTime of(long millis) {
        return new NodeTime(millis * NANOS_PER_MILLI, millis, millis);
    }
}
