package io.ackgate.storage.log;

import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.checkpoint.ReplicaEntry.SegmentEntry;
import io.ackgate.storage.journal.FrameRefs;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What checkpoint and journal tell of a log whose files recovery is about to look at.
 *
 * @param epoch the greatest epoch the replica has promised itself to: nothing above it can stand in
 *     the log
 * @param logStart first offset held; segments wholly below it may be there still
 * @param highWatermark nothing below it may be missing
 * @param segments with their sizes when {@code segmentsEnd} was the log end
 * @param segmentsEnd a past log end
 * @param knownEnd the same, or the lowest that cuts went since
 * @param chain as of {@code knownEnd}
 * @param syncedTo below it, everything was synced when {@code segmentsEnd} was the log end, or has
 *     been since
 * @param settledEnd at or above {@code knownEnd}: the segments hold, synced, everything below it
 * @param frames that were appended from {@code settledEnd} on, as far as the journal has them
 * @param heldUpTo behind {@code frames} the segments hold everything below it; below their end if
 *     there is no such part
 * @param cuttingTo where a cut had begun that may not have been done, or -1
 * @param journaled the journal has everything from {@code settledEnd} on ({@code fsync})
 * @param doubtful a write or a sync has failed: the tail may be lost, though not below the high
 *     watermark
 * @param unsyncedMayBeGone not journaled, and the machine stopped: the tail may be lost, whether or
 *     not it was committed
 * @param segmentBytes size at which a segment ends
 * @param producers the table as of {@code segmentsEnd}, in the bytes of a snapshot; null if unknown
 */
public record ExpectedLog(
        int epoch,
        long logStart,
        long highWatermark,
        List<SegmentEntry> segments,
        long segmentsEnd,
        long knownEnd,
        EpochChain chain,
        long syncedTo,
        long settledEnd,
        FrameRefs frames,
        long heldUpTo,
        long cuttingTo,
        boolean journaled,
        boolean doubtful,
        boolean unsyncedMayBeGone,
        int segmentBytes,
        @Nullable ByteBuffer producers) {
    /** Whether a log that ends before the settled end is no damaged one for that. */
    boolean tailMayBeLost() {
        return doubtful || unsyncedMayBeGone;
    }
}
