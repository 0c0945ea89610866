package io.ackgate.storage.runtime;

import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.engine.Lookup;
import io.ackgate.storage.engine.Upkeep;
import java.util.concurrent.CompletableFuture;

/** Something to be done on the engine's thread. */
sealed interface LoopTask {
    record Request(StreamSession session, StorageRequest request, Runnable settled)
            implements LoopTask {}

    record Closed(StreamSession session) implements LoopTask {}

    record Call(Runnable body, CompletableFuture<?> answer) implements LoopTask {}

    record UpkeepDone(Upkeep upkeep) implements LoopTask {}

    record LookupDone(Lookup lookup) implements LoopTask {}

    /** Work beside the engine's thread has thrown what no I/O throws. */
    record WorkFailed(Throwable failure) implements LoopTask {}
}
