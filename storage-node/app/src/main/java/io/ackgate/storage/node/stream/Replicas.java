package io.ackgate.storage.node.stream;

import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;

/** What the streams need of the engine: its loop, by the three things that can be said to it. */
public interface Replicas {
    /** Hands over a request; the order of each calling thread is kept. Does not block. */
    void submit(StreamSession session, StorageRequest request);

    /** Runs something once all that this thread has submitted before has been handled. */
    void whenHandled(Runnable then);

    /** Nothing more comes from this session, and what is answered to it goes nowhere. */
    void sessionClosed(StreamSession session);
}
