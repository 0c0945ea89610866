package io.ackgate.storage.engine;

import io.ackgate.storage.journal.JournalSync;

/**
 * A group commit under way: begun by {@link EngineEffect.StartSync}, {@link #run} on the I/O
 * thread, given back as {@link EngineInput.SyncDone}.
 */
public final class Sync {
    private final JournalSync journalSync;
    private final SyncWaiters waiters;

    Sync(JournalSync journalSync, SyncWaiters waiters) {
        this.journalSync = journalSync;
        this.waiters = waiters;
    }

    /**
     * Writes and syncs the journal. What goes wrong is kept, and answered for when it is given
     * back.
     */
    public void run() {
        journalSync.run();
    }

    /** Bytes that were written, without padding. */
    public long bytes() {
        return journalSync.bytes();
    }

    /** Whether it went wrong; to be asked after {@link #run}. */
    public boolean failed() {
        return journalSync.failure() != null;
    }

    JournalSync journalSync() {
        return journalSync;
    }

    SyncWaiters waiters() {
        return waiters;
    }
}
