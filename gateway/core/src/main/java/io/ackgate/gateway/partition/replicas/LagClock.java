package io.ackgate.gateway.partition.replicas;

import io.ackgate.gateway.partition.role.Context;

/**
 * When a replica was last caught up, by Kafka's rule for replica.lag.time.max.ms: it was at the
 * time of an acknowledgement that reaches the log end offset of that time, or the one that the log
 * had when an earlier acknowledgement arrived. So a replica that is always a little behind does not
 * lag.
 *
 * <p>Invariant: {@code caughtUpAt} never goes back. All times are those of {@link Context#watched}.
 */
final class LagClock {
    private long caughtUpAt;

    /** The log end offset at {@link #markAt}: who reaches it was caught up at that time. */
    private long markOffset;

    private long markAt;

    /** Whether a stream has opened since the replica was reconciled last. */
    private boolean returned;

    LagClock(long watched) {
        caughtUpAt = watched;
    }

    /**
     * A stream is open again: what it lagged behind while nobody reached it says nothing of it.
     * Until it has reconciled only the first stream counts, so that one that breaks again and again
     * gives it no more time.
     */
    void returns(long watched) {
        if (!returned) {
            returned = true;
            caughtUpAt = watched;
        }
    }

    /** It is reconciled, and holds all up to {@code end}. */
    public void reconciled(long end, long watched) {
        returned = false;
        caughtUpAt = watched;
        markOffset = end;
        markAt = watched;
    }

    /** It holds all up to {@code end} now, and {@code ownerEnd} is the log end offset. */
    public void acknowledged(long end, long ownerEnd, long watched) {
        if (end >= ownerEnd) {
            caughtUpAt = watched;
        } else if (end >= markOffset) {
            caughtUpAt = Math.max(caughtUpAt, markAt);
        }
        if (end >= markOffset) {
            markOffset = ownerEnd;
            markAt = watched;
        }
    }

    /** It is at the log end offset. */
    void isCaughtUp(long watched) {
        caughtUpAt = watched;
    }

    /** Whether it has not been caught up for longer than so long. */
    boolean isBehindFor(long watched, long lagMaxNanos) {
        return watched - caughtUpAt > lagMaxNanos;
    }
}
