package io.ackgate.storage.engine;

import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import java.util.ArrayDeque;

/**
 * A request and where it came from.
 *
 * @param settled to be run once it has been handled and holds no memory any more, or is dropped
 */
record Received(StreamSession session, StorageRequest request, Runnable settled) {
    /** Drops what a session that has ended had waiting. */
    static void dropAll(ArrayDeque<Received> waiting, StreamSession ended) {
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
