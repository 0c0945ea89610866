package io.ackgate.gateway.producer;

import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.MetadataStore.Outcome;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Producer ids in blocks: the metadata store is asked once for every {@link #BLOCK} of them.
 *
 * <p>A block whose compare-and-set has an unknown outcome is left alone: ids may be skipped, none
 * is given twice.
 */
public final class MetadataProducerIds implements ProducerIds {
    /** Kafka's size of a block. */
    public static final int BLOCK = 1_000;

    /** Callers that wait for a block; above it they fail at once. */
    private static final int MAX_WAITING = 100_000;

    /** Times that another gateway may be faster before the callers are told. */
    private static final int MAX_ATTEMPTS = 100;

    private final MetadataStore store;

    /** Guarded by this, as is all below. */
    private final ArrayDeque<CompletableFuture<ProducerSession>> waiting = new ArrayDeque<>();

    private long next;
    private long end;
    private boolean asking;

    public MetadataProducerIds(MetadataStore store) {
        this.store = store;
    }

    @Override
    public CompletionStage<ProducerSession> init() {
        CompletableFuture<ProducerSession> mine = new CompletableFuture<>();
        synchronized (this) {
            if (next < end) {
                mine.complete(session(next++));
                return mine;
            }
            if (waiting.size() >= MAX_WAITING) {
                return CompletableFuture.failedFuture(
                        new IOException(MAX_WAITING + " callers wait for producer ids; try again"));
            }
            waiting.add(mine);
            if (asking) {
                return mine;
            }
            asking = true;
        }
        ask();
        return mine;
    }

    private static ProducerSession session(long producerId) {
        return new ProducerSession(producerId, (short) 0);
    }

    private void ask() {
        store.get(MetadataKeys.PRODUCER_IDS)
                .thenCompose(entry -> take(entry, 1))
                .whenComplete(this::given);
    }

    /** Takes the block after the last one given; its first id. */
    private CompletionStage<Long> take(Entry current, int attempt) {
        long first =
                current.version() == MetadataStore.ABSENT
                        ? 0
                        : ProducerIdBlockCodec.decode(current.value());
        return store.compareAndSet(
                        MetadataKeys.PRODUCER_IDS,
                        current.version(),
                        ProducerIdBlockCodec.encode(first + BLOCK))
                .thenCompose(
                        outcome ->
                                switch (outcome) {
                                    case Outcome.Applied applied ->
                                            CompletableFuture.completedFuture(first);
                                    case Outcome.Refused(Entry newer) ->
                                            attempt < MAX_ATTEMPTS
                                                    ? take(newer, attempt + 1)
                                                    : CompletableFuture.failedFuture(
                                                            new IOException(
                                                                    "other gateways were faster %d times; try again"
                                                                            .formatted(
                                                                                    MAX_ATTEMPTS)));
                                });
    }

    private void given(@Nullable Long first, @Nullable Throwable failure) {
        List<Runnable> answers = new ArrayList<>();
        boolean more;
        synchronized (this) {
            if (first != null) {
                next = first;
                end = first + BLOCK;
            }
            while (!waiting.isEmpty() && (failure != null || next < end)) {
                CompletableFuture<ProducerSession> caller = waiting.remove();
                if (failure != null) {
                    answers.add(() -> caller.completeExceptionally(failure));
                } else {
                    ProducerSession session = session(next++);
                    answers.add(() -> caller.complete(session));
                }
            }
            more = !waiting.isEmpty();
            asking = more;
        }
        answers.forEach(Runnable::run);
        if (more) {
            ask();
        }
    }
}
