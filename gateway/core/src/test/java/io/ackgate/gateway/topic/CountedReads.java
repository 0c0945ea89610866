package io.ackgate.gateway.topic;

import io.ackgate.gateway.metadata.MetadataStore;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Another store, and how often it was read. */
final class CountedReads implements MetadataStore {
    final AtomicInteger reads = new AtomicInteger();
    private final MetadataStore store;

    CountedReads(MetadataStore store) {
        this.store = store;
    }

    @Override
    public CompletionStage<Entry> get(String key) {
        reads.incrementAndGet();
        return store.get(key);
    }

    @Override
    public CompletionStage<List<Entry>> list(String prefix) {
        reads.incrementAndGet();
        return store.list(prefix);
    }

    @Override
    public CompletionStage<Outcome> compareAndSet(String key, long version, byte[] value) {
        return store.compareAndSet(key, version, value);
    }

    @Override
    public CompletionStage<Outcome> delete(String key, long version) {
        return store.delete(key, version);
    }

    @Override
    public AutoCloseable watch(String prefix, Consumer<Entry> listener) {
        return store.watch(prefix, listener);
    }

    @Override
    public @Nullable String failure() {
        return store.failure();
    }

    @Override
    public void close() {
        store.close();
    }
}
