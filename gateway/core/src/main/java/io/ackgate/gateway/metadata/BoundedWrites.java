package io.ackgate.gateway.metadata;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes to the metadata store, of which a bounded number is under way at a time, over all callers:
 * many partitions or many committed offsets at once must not fill the store's queue, from which
 * every other change would then be refused. Callers take turns, one write each. Any thread.
 */
public final class BoundedWrites {
    /** Writes under way. */
    public static final int MAX_UNDER_WAY = 256;

    /** Guarded by this, as is all below. Those that have writes left to begin. */
    private final Queue<Batch> batches = new ArrayDeque<>();

    private int underWay;
    private boolean beginning;

    /** The writes of one caller. */
    private static final class Batch {
        final Iterator<Supplier<CompletionStage<?>>> left;
        final CompletableFuture<Void> done = new CompletableFuture<>();
        int underWay;
        @Nullable Throwable failure;

        Batch(Iterator<Supplier<CompletionStage<?>>> left) {
            this.left = left;
        }
    }

    /**
     * Begins each of the writes in its turn.
     *
     * @return completes when all have ended; exceptionally, with the first failure, if any failed
     */
    public CompletionStage<Void> run(Iterator<Supplier<CompletionStage<?>>> writes) {
        Batch batch = new Batch(writes);
        if (!writes.hasNext()) {
            batch.done.complete(null);
            return batch.done;
        }
        synchronized (this) {
            batches.add(batch);
        }
        beginMore();
        return batch.done;
    }

    /** What to begin next, and for whom. */
    private record Turn(Batch batch, Supplier<CompletionStage<?>> write) {}

    /** One thread begins at a time, so that writes that end at once do not nest. */
    private void beginMore() {
        synchronized (this) {
            if (beginning) {
                return;
            }
            beginning = true;
        }
        for (Turn turn = next(); turn != null; turn = next()) {
            begin(turn);
        }
    }

    private synchronized @Nullable Turn next() {
        Batch batch = underWay < MAX_UNDER_WAY ? batches.poll() : null;
        if (batch == null) {
            beginning = false;
            return null;
        }
        underWay++;
        batch.underWay++;
        Supplier<CompletionStage<?>> write = batch.left.next();
        if (batch.left.hasNext()) {
            batches.add(batch);
        }
        return new Turn(batch, write);
    }

    private void begin(Turn turn) {
        CompletionStage<?> stage;
        try {
            stage = turn.write.get();
        } catch (RuntimeException refused) {
            stage = CompletableFuture.failedFuture(refused);
        }
        var _ = stage.whenComplete((result, failure) -> ended(turn.batch, failure));
    }

    private void ended(Batch batch, @Nullable Throwable failure) {
        boolean last;
        synchronized (this) {
            underWay--;
            batch.underWay--;
            if (batch.failure == null) {
                batch.failure = failure;
            }
            last = batch.underWay == 0 && !batch.left.hasNext();
        }
        beginMore();
        if (last) {
            end(batch);
        }
    }

    private static void end(Batch batch) {
        if (batch.failure == null) {
            batch.done.complete(null);
        } else {
            batch.done.completeExceptionally(batch.failure);
        }
    }
}
