package io.ackgate.storage.checkpoint;

/** What is known of the batches that a log which is not journaled had written and not synced. */
public enum UnsyncedEnd {
    /**
     * The process that wrote the checkpoint had the log open: it has synced all of it if the
     * checkpoint says that it was shut down in good order.
     */
    IN_HAND,
    /**
     * The last process that had the log open did not sync all of it, and none since could open it:
     * the operating system may hold its end, and no later shutdown in good order speaks for it.
     */
    LEFT_BEHIND,
    /** The machine has stopped since then: the end may be gone. */
    MAY_BE_GONE
}
