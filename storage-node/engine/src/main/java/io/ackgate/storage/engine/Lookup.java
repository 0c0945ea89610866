package io.ackgate.storage.engine;

import org.jspecify.annotations.Nullable;

/**
 * A look into files that must not hold up the engine's thread: a read, or a search by time. Taken
 * by {@link StorageEngine#beginLookup}, {@link #run} on one of a few reader threads, given back to
 * {@link StorageEngine#lookupDone}, which answers.
 */
public final class Lookup {
    /** What there is to look for. */
    interface Work {
        /** On a reader's thread; touches nothing of the engine but files and their indexes. */
        void run();

        /** On the engine's thread: answers, if whoever asked may still be answered. */
        void done(Answers out);
    }

    private final Work work;
    private @Nullable RuntimeException failure;
    private @Nullable Error error;

    Lookup(Work work) {
        this.work = work;
    }

    /** Looks. What goes wrong is kept, and answered for when it is given back. */
    public void run() {
        try {
            work.run();
        } catch (RuntimeException e) {
            failure = e;
        } catch (Error e) {
            error = e;
        }
    }

    /**
     * On the engine's thread.
     *
     * @throws RuntimeException a bug, which ends the engine
     */
    void done(Answers out) {
        if (error != null) {
            throw error;
        }
        if (failure != null) {
            throw failure;
        }
        work.done(out);
    }
}
