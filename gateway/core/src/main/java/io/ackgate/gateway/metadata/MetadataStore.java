package io.ackgate.gateway.metadata;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A small linearizable store of versioned keys: embedded (one process) or etcd (a cluster).
 *
 * <p>A stage that completes exceptionally means <em>unknown</em>: the change may have been applied,
 * or may be applied later. Nothing else than a later version of the key tells. The one exception is
 * {@link MetadataFullException}: nothing was changed.
 */
public interface MetadataStore extends AutoCloseable {
    /** Version of a key that does not exist. */
    long ABSENT = 0;

    /**
     * A key's value and version.
     *
     * @param version grows with every change of the key, {@link #ABSENT} if there is no such key
     * @param value empty if there is no such key
     */
    record Entry(String key, long version, byte[] value) {}

    /** How a compare-and-set ended. */
    sealed interface Outcome {
        /** The value is stored, under this version. */
        record Applied(long version) implements Outcome {}

        /** The version was another one: nothing was changed. */
        record Refused(Entry current) implements Outcome {}
    }

    /** The key as of now (a linearizable read). */
    CompletionStage<Entry> get(String key);

    /** All keys that start with {@code prefix}, in their order. */
    CompletionStage<List<Entry>> list(String prefix);

    /**
     * Stores {@code value} if the key's version is {@code expectedVersion}; durable when it
     * completes. The stage fails with a {@link MetadataFullException} where the key is new, or
     * grows, and there is no room for it.
     */
    CompletionStage<Outcome> compareAndSet(String key, long expectedVersion, byte[] value);

    /** Deletes the key if its version is {@code expectedVersion}. */
    CompletionStage<Outcome> delete(String key, long expectedVersion);

    /**
     * Calls {@code listener} with every change of a key under {@code prefix} from now on, in order
     * per key; a deletion is an entry with version {@link #ABSENT}.
     */
    AutoCloseable watch(String prefix, Consumer<Entry> listener);

    /**
     * Why this store answers nothing any more until it is opened again: it has failed, or was
     * closed. Null as long as it works. Any thread, at once.
     */
    @Nullable String failure();

    @Override
    void close();
}
