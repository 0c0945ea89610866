package io.ackgate.storage.engine;

import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import java.util.ArrayDeque;

/**
 * What happens to an engine. Its loop gives it {@link Request} after {@link Request} as they
 * arrive, then {@link TurnEnded}; {@link SyncWanted} and {@link WorkWanted} after each turn, and
 * {@link SyncWanted} as soon as a sync has been given back; {@link Tick} every 50 ms or so.
 */
public sealed interface EngineInput {
    /** A turn has ended. */
    TurnEnded TURN_ENDED = new TurnEnded();

    /** A sync may begin. */
    SyncWanted SYNC_WANTED = new SyncWanted();

    /**
     * A request and where it came from; it is answered at once or at any later input.
     *
     * @param settled run once, now or at a later input, when the engine holds no memory for the
     *     request any more: what it had to write is written and synced, or it is dropped
     */
    record Request(StreamSession session, StorageRequest request, Runnable settled)
            implements EngineInput {
        /** Drops what a session that has ended had waiting. */
        static void dropAll(ArrayDeque<Request> waiting, StreamSession ended) {
            waiting.removeIf(
                    one -> {
                        boolean theirs = one.session().equals(ended);
                        if (theirs) {
                            one.settled().run();
                        }
                        return theirs;
                    });
        }
    }

    /** The session has ended; what its gateway had agreed upon with replicas is void. */
    record SessionClosed(StreamSession session) implements EngineInput {}

    /**
     * Many requests have been handled, or a sync has been begun: the acknowledgements that wait for
     * no sync leave, and what waited for the sync to be begun is handled. Many appends share one
     * acknowledgement by it.
     */
    record TurnEnded() implements EngineInput {}

    /**
     * What has gathered is to be synced, unless a sync is under way. A request alone begins none,
     * so that all that has arrived meanwhile shares one.
     */
    record SyncWanted() implements EngineInput {}

    /**
     * Other work that waits is to be begun.
     *
     * @param freeReaders how many looks may be begun at most
     */
    record WorkWanted(int freeReaders) implements EngineInput {}

    /** A sync has been run, and its answers may leave. */
    record SyncDone(Sync sync) implements EngineInput {}

    /** Work other than a sync has been done beside the engine's thread. */
    sealed interface WorkDone extends EngineInput {}

    /** Work on files has been done. */
    record BackgroundWorkDone(BackgroundWork backgroundWork) implements WorkDone {}

    /** A look into files has been made. */
    record LookupDone(Lookup lookup) implements WorkDone {}

    /** Time has passed: checkpoints, retention, expiry, saving high watermarks. Bounded work. */
    record Tick(NodeTime now) implements EngineInput {}
}
