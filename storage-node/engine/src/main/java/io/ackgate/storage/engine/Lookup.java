package io.ackgate.storage.engine;

import org.jspecify.annotations.Nullable;

/**
 * A look into files that must not hold up the engine's thread: a read, a search by time, or a piece
 * of a log that is scrubbed. Begun by {@link EngineEffect.StartLookup} or {@link
 * EngineEffect.StartScrub}, {@link #run} on one of a few reader threads, given back as {@link
 * EngineInput.LookupDone}, which answers.
 */
public final class Lookup {
    /** What there is to look for. */
    interface Work {
        /** On a reader's thread; touches nothing of the engine but files and their indexes. */
        void run();

        /** On the engine's thread: answers, if the asker may still be answered. */
        void done(Answers out);
    }

    private final Work work;
    private final Runnable ended;
    private @Nullable RuntimeException failure;
    private @Nullable Error error;

    /**
     * A look that is to be made.
     *
     * @param ended told when it has been given back, before anything is answered
     */
    Lookup(Work work, Runnable ended) {
        this.work = work;
        this.ended = ended;
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
        ended.run();
        if (error != null) {
            throw error;
        }
        if (failure != null) {
            throw failure;
        }
        work.done(out);
    }
}
