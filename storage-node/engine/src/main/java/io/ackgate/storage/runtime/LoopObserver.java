package io.ackgate.storage.runtime;

import io.ackgate.storage.api.StorageAnswer;

/** What a storage node measures of its engine. Called on the engine's thread. */
public interface LoopObserver {
    /** Observes nothing. */
    LoopObserver NONE = new LoopObserver() {};

    /** A group commit took so long, from its write to the end of its fdatasync. */
    default void synced(long nanos, long bytes) {}

    /** A group commit failed: what it held is lost, and its replicas are faulty. */
    default void syncFailed() {}

    /** An append of so many bytes was handled. */
    default void appended(int bytes) {}

    /** Frames of so many bytes were read and answered. */
    default void read(int bytes) {}

    /** A request was refused. */
    default void refused(StorageAnswer.Refusal reason) {}
}
