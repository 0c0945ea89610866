package io.ackgate.storage.engine;

import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.checkpoint.ReplicaEntry.LogEntry;
import io.ackgate.storage.log.PartitionLog;
import org.jspecify.annotations.Nullable;

/** A replica's log as it was when it could not be used any more; said by checkpoints. */
final class UnusedLog {
    private LogEntry entry = LogEntry.NONE;

    /**
     * Whether only the journal is known to have all of it: no checkpoint may make that void before
     * the log's tail has been copied, see {@link TailCopies}.
     */
    private boolean tailInJournal;

    /** What a checkpoint says of the log. */
    LogEntry entry() {
        return entry;
    }

    boolean tailInJournal() {
        return tailInJournal;
    }

    /** A start could not use it, and has seen to it that the journal is not needed. */
    void found(LogEntry asFound) {
        entry = asFound;
    }

    /**
     * The replica has failed.
     *
     * @param log null if it had none yet
     * @param cuttingTo where the log was being cut, or -1
     * @param journaled whether the journal has what the segments may lack
     */
    void failed(Fault why, @Nullable PartitionLog log, long cuttingTo, boolean journaled) {
        if (log != null && why != Fault.CORRUPT) {
            LogEntry doubtful = log.doubtfulEntry(cuttingTo);
            entry = journaled ? doubtful : doubtful.leftBehind();
            tailInJournal = journaled;
        }
    }

    /** Its tail has been copied, as the entry says. */
    void copied(LogEntry withTail) {
        entry = withTail;
        tailInJournal = false;
    }

    /** What the journal has of it is given up. */
    void tailGivenUp() {
        tailInJournal = false;
    }

    /** The replica has another log. */
    void replaced() {
        entry = LogEntry.NONE;
        tailInJournal = false;
    }
}
