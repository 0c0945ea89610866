package io.ackgate.replication.server;

import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;

/** What the streams need of the engine: its loop, by the two things that can be said to it. */
public interface Replicas {
    /**
     * Hands over a request; the order of each calling thread is kept. Does not block.
     *
     * @param settled run once, from any thread, when nothing of the request is held in memory any
     *     more: not before what it had to write is synced
     */
    void submit(StreamSession session, StorageRequest request, Runnable settled);

    /** Nothing more comes from this session, and what is answered to it goes nowhere. */
    void sessionClosed(StreamSession session);
}
