package io.ackgate.gateway.partition.replicas;

import io.ackgate.gateway.partition.role.Context;

/**
 * The reads from the leader's disk that bring one replica to the tail in memory: one at a time,
 * each with a turn that lasts from the request until the replica holds its records.
 */
final class CatchUpTurn {
    private final CatchUpReads sizes = new CatchUpReads();

    /** The read under way, 0 when none is; 0 unless the replica is reconciled. */
    private long request;

    /** The offset that the last read asked for; at most {@link #readUpTo}. */
    private long readOffset;

    /** Where that read ends at the latest: the leader held all below it then. */
    private long readUpTo;

    /** The read whose turn it is, or 0. While {@link #request} is not 0 they are the same. */
    private long turn;

    /** Where the records of the turn end, as far as they were sent. */
    private long turnUpTo;

    /** How often in a row the leader could not give it; 0 after it did. */
    private int failures;

    /** When the leader may be asked again, if it could not; by {@link Context#now}. */
    private long readAgainAt;

    /**
     * The leader is asked for what the replica lacks next.
     *
     * @param upTo the leader holds all below it
     */
    public void begin(long requestId, long nextOffset, long upTo) {
        request = requestId;
        readOffset = nextOffset;
        readUpTo = upTo;
        turn = requestId;
        turnUpTo = nextOffset;
    }

    /** Whether a read is under way under this number. */
    boolean awaits(long requestId) {
        return request != 0 && request == requestId;
    }

    /** The offset that the last read asked for. */
    public long offset() {
        return readOffset;
    }

    /** The read under way is answered, or will not be. */
    void ended() {
        request = 0;
    }

    /** What a read has brought, of so many bytes, has been sent up to {@code nextOffset}. */
    public void brought(long nextOffset, long bytes) {
        turnUpTo = nextOffset;
        sizes.brought(nextOffset - readOffset, bytes);
    }

    /** The read whose turn it is; 0 if none. */
    public long turn() {
        return turn;
    }

    /** Whether a replica holds all that its turn brought, or will not. */
    public boolean isOver(boolean reconciled, long logEnd) {
        return turn != 0 && (!reconciled || (request == 0 && logEnd >= turnUpTo));
    }

    void turnEnded() {
        turn = 0;
    }

    /** How much is read at a time. */
    CatchUpReads sizes() {
        return sizes;
    }

    /** See {@link ReplicaProgress#needsFrom}. */
    long needsFrom(long nextOffset, RetainedLog retained, int readBytes) {
        if (request != 0) {
            long reach = sizes.reach(readBytes, retained.offsetsIn(readBytes));
            return readUpTo - readOffset <= reach ? readUpTo : Long.MAX_VALUE;
        }
        return nextOffset >= retained.start() ? nextOffset : Long.MAX_VALUE;
    }

    /** The leader's disk did not give what is lacking: each time in a row it waits longer. */
    public void failed(long now, long pauseNanos) {
        failures = Math.min(failures + 1, 25);
        readAgainAt = now + failures * pauseNanos;
    }

    /** The leader's disk has given what was lacking, or another one is to be asked. */
    void mayReadAgain() {
        failures = 0;
    }

    boolean mayRead(long now) {
        return failures == 0 || now - readAgainAt >= 0;
    }
}
