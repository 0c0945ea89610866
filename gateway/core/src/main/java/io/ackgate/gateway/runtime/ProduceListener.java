package io.ackgate.gateway.runtime;

import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.partition.ProduceStep;

/**
 * Waits for one produce request. Called on the partition's thread, or on the caller's when the
 * request is refused at once: hand on and return, never block.
 */
@FunctionalInterface
public interface ProduceListener {
    /** A step on the way; only before {@link #done}, and only if {@link #wantsProgress}. */
    default void progress(ProduceStep step) {}

    /** Whether {@link #progress} is to be called. Asked once, when the request is made. */
    default boolean wantsProgress() {
        return false;
    }

    /** The outcome: exactly once for every request. */
    void done(ProduceOutcome outcome);
}
