package io.ackgate.gateway.partition.replicas;

/**
 * How much is read at a time for a replica that catches up. Reads are small at first, since what
 * clients write waits behind them on the way to the replica. Where the log grows by more than half
 * of what they bring, the replica would stay behind for as long as that lasts: they double then,
 * until it is served from memory.
 */
public final class CatchUpReads {
    /** By so many reads it is judged whether the replica gains on the log. */
    private static final int JUDGED = 4;

    /** From 256 KiB to 4 MiB, by the defaults: half of what a consumer's read may bring. */
    private static final int MOST_DOUBLINGS = 4;

    private int doublings;

    /** Reads since the last judgement, and where the replica and the log ended then. */
    private int reads;

    private long offsetBefore;
    private long endBefore;

    /** What the last read brought. */
    private long broughtOffsets;

    private long broughtBytes;

    /** The replica needs no reads any more, or begins anew: those to come are small. */
    public void reset() {
        doublings = 0;
        reads = 0;
    }

    /**
     * The replica reads on.
     *
     * @param offset what it lacks next
     * @param logEnd where the leader's log ends
     * @param least bytes of a small read
     * @return bytes to ask for
     */
    public int next(long offset, long logEnd, int least) {
        if (reads == JUDGED) {
            long gained = offset - offsetBefore;
            if (gained > 0 && 2 * (logEnd - endBefore) > gained) {
                doublings = Math.min(doublings + 1, MOST_DOUBLINGS);
            }
            reads = 0;
        }
        if (reads == 0) {
            offsetBefore = offset;
            endBefore = logEnd;
        }
        reads++;
        return (int) Math.min((long) least << doublings, Integer.MAX_VALUE);
    }

    /** A read has brought so much, 0 or more of both. */
    public void brought(long offsets, long bytes) {
        if (offsets > 0) {
            broughtOffsets = offsets;
            broughtBytes = bytes;
        }
    }

    /**
     * Offsets that the next read brings, about, by what the last one did: records of other places
     * in the log may be larger or smaller.
     *
     * @param least bytes of a small read, which any read may bring
     * @param otherwise if there was none yet
     */
    public long reach(int least, long otherwise) {
        if (broughtOffsets == 0) {
            return otherwise;
        }
        double dense = (double) broughtOffsets / (double) broughtBytes * least;
        return Math.max(broughtOffsets, (long) dense);
    }
}
