package io.ackgate.storage.engine;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Work on files that must not hold up the engine's thread nor a group commit: journal files to
 * come, directories of new logs, cuts, checkpoints, deletions. Begun by {@link
 * EngineEffect.StartBackgroundWork}, {@link #run} on another thread than syncs, given back as
 * {@link EngineInput.BackgroundWorkDone}.
 */
public final class BackgroundWork {
    /** What there is to do. */
    interface Work {
        /** On the I/O side; touches nothing of the engine but files. */
        void run() throws IOException;

        /** On the engine's thread. */
        void done(@Nullable IOException failure, long nowMillis, Answers out);
    }

    private final Work work;
    private @Nullable IOException failure;

    BackgroundWork(Work work) {
        this.work = work;
    }

    /** Does the work. What goes wrong is kept, and answered for when it is given back. */
    public void run() {
        try {
            work.run();
        } catch (IOException e) {
            failure = e;
        }
    }

    void done(long nowMillis, Answers out) {
        work.done(failure, nowMillis, out);
    }
}
