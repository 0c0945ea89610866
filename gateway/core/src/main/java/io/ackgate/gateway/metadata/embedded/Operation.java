package io.ackgate.gateway.metadata.embedded;

import io.ackgate.gateway.loop.SerialLoop;
import io.ackgate.gateway.metadata.MetadataFullException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One thing asked for. It is evaluated on the store's thread, and its result is told only when
 * everything of its group is durable.
 */
final class Operation<T> extends SerialLoop.Work<Operation<?>> {
    /** What is done with the entries. */
    interface Action<T> {
        T on(Entries entries) throws MetadataFullException;
    }

    /** Of the value that it would store. */
    final int bytes;

    private final Action<T> action;
    final CompletableFuture<T> stage = new CompletableFuture<>();
    private @Nullable T result;
    private @Nullable MetadataFullException full;

    Operation(int bytes, Action<T> action) {
        this.bytes = bytes;
        this.action = action;
    }

    void evaluate(Entries now) {
        try {
            result = action.on(now);
        } catch (MetadataFullException noRoom) {
            full = noRoom;
        }
    }

    void complete() {
        if (full != null) {
            stage.completeExceptionally(full);
        } else {
            stage.complete(result);
        }
    }

    void fail(Throwable why) {
        stage.completeExceptionally(why);
    }
}
