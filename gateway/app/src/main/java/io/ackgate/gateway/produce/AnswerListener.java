package io.ackgate.gateway.produce;

import io.ackgate.gateway.partition.ProduceStep;

/**
 * Waits for the answer to one request. Called on the thread of a partition, or on the caller's when
 * the request is refused at once: hand on and return, never block.
 */
@FunctionalInterface
public interface AnswerListener {
    /** The answer: exactly once. */
    void answered(ProduceAnswer answer);

    /** A step on the way; only before {@link #answered}, and only if {@link #wantsProgress}. */
    default void progress(ProduceStep step) {}

    /** Whether {@link #progress} is to be called. A request that is split is then refused. */
    default boolean wantsProgress() {
        return false;
    }
}
