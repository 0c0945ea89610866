package io.ackgate.gateway.metadata;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Another store, of which a test changes some answers, or counts the questions. */
public class ForwardingStore implements MetadataStore {
    private final MetadataStore store;

    public ForwardingStore(MetadataStore store) {
        this.store = store;
    }

    @Override
    public CompletionStage<Entry> get(String key) {
        return store.get(key);
    }

    @Override
    public CompletionStage<List<Entry>> list(String prefix) {
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
