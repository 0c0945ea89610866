package io.ackgate.storage.runtime;

import io.ackgate.storage.engine.EngineInput;
import java.util.concurrent.CompletableFuture;

/** Something to be done on the engine's thread. */
sealed interface LoopTask {
    record Input(EngineInput input) implements LoopTask {}

    record Call(Runnable body, CompletableFuture<?> answer) implements LoopTask {
        /** Tells who waits for the answer that there will be none. */
        void abandon() {
            answer.completeExceptionally(new IllegalStateException("stopped"));
        }
    }

    /** Work beside the engine's thread has thrown what no I/O throws. */
    record WorkFailed(Throwable failure) implements LoopTask {}
}
