package io.ackgate.gateway.partition;

import java.nio.ByteBuffer;

/** How a fetch or a request for a position ended. */
public sealed interface FetchOutcome {
    /**
     * Committed frames, possibly none when the wait ended first.
     *
     * @param frames whole frames, the first of which holds the offset asked for
     * @param highWatermark -1 while a new owner knows only a lower bound of it
     */
    record Fetched(ByteBuffer frames, long logStart, long highWatermark, int leaderEpoch)
            implements FetchOutcome {}

    /** A position. {@code offset} is -1 when no record is as young as the timestamp asked for. */
    record Position(long offset, long timestampMillis, int leaderEpoch) implements FetchOutcome {}

    /** The offset asked for is not in the log. */
    record OutOfRange(long logStart, long highWatermark, int leaderEpoch) implements FetchOutcome {}

    /** Try again, here or at the partition's owner. */
    record Unavailable(String detail) implements FetchOutcome {}

    /** As many reads are under way, or answers in memory, as may: try again here, later. */
    record Throttled(String detail) implements FetchOutcome {}
}
