package io.ackgate.storage.api;

import org.jspecify.annotations.Nullable;

/**
 * What an owner knows of a log without its bytes: where it starts, where it ends and which epochs
 * wrote it.
 *
 * @param start first offset held
 * @param end next offset to be written, at least {@code start}
 */
public record LogOutline(long start, long end, EpochChain chain) {
    public static LogOutline of(StorageAnswer.Fenced fenced) {
        return new LogOutline(fenced.logStart(), fenced.logEnd(), fenced.chain());
    }

    /** Where a replica's log leaves this one: it is cut there when it follows this one. */
    public long agreesUpTo(StorageAnswer.Fenced replica) {
        long from = Math.max(replica.logStart(), start);
        return chain.agreesUpTo(from, end, replica.chain(), replica.logEnd());
    }

    /**
     * Whether a replica may hold other records below this log's start than this log held there:
     * they show no record that both hold, and retention has taken what could tell.
     *
     * <p>Where a replica knows that all below the start is committed, and where the two logs agree
     * on a record from the start on, they have never parted before: the same epoch wrote the same
     * record for both, behind the same records.
     */
    public boolean mayPartBelowStart(StorageAnswer.Fenced replica) {
        return replica.logStart() < start
                && replica.highWatermark() < start
                && agreesUpTo(replica) <= start;
    }

    /**
     * What a replica calls committed and this log lacks; null if there is no such record.
     *
     * <p>A replica has its high watermark from an owner that had reconciled it. So what lies below
     * it is on every member of the ISR for ever, and this log cannot be the leader's. The start of
     * a log is such a bound as well: retention never passes the high watermark.
     */
    public @Nullable String lacks(StorageAnswer.Fenced replica) {
        long committed = Math.max(replica.highWatermark(), replica.logStart());
        if (committed > end) {
            return "it ends at %d, %d is committed".formatted(end, committed);
        }
        if (replica.logEnd() < start) {
            // Retention has taken all that the replica holds: nothing can be compared.
            return null;
        }
        // Of what it has lost itself it can show nothing.
        long shown = Math.min(replica.highWatermark(), replica.logEnd());
        long parted = agreesUpTo(replica);
        return parted < shown
                ? "it parts at %d from what is committed up to %d".formatted(parted, shown)
                : null;
    }

    /** The epoch that wrote a replica's first record that this log lacks; 0 if it has none. */
    public int lackedEpoch(StorageAnswer.Fenced replica) {
        long parted = Math.max(agreesUpTo(replica), replica.logStart());
        return parted < replica.logEnd() ? replica.chain().epochAt(parted) : 0;
    }
}
