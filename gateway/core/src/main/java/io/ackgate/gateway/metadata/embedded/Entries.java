package io.ackgate.gateway.metadata.embedded;

import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.MetadataStore.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything in memory, and the changes of the group under way, which can be taken back as long as
 * they are not durable. Thread-confined.
 */
final class Entries {
    /** Bytes of a key in UTF-8. */
    static final int MAX_KEY_BYTES = 1_024;

    /** Bytes of a value. */
    static final int MAX_VALUE_BYTES = 1 << 20;

    private static final byte[] NOTHING = new byte[0];

    private final TreeMap<String, Entry> entries = new TreeMap<>();
    private final List<Change> changes = new ArrayList<>();
    private final List<Entry> undo = new ArrayList<>();

    /** Grows for ever, also over deletions, compactions and failed writes. */
    private long nextVersion = 1;

    static void requireStorable(String key, byte[] value) {
        int keyBytes = key.getBytes(StandardCharsets.UTF_8).length;
        if (keyBytes == 0 || keyBytes > MAX_KEY_BYTES || value.length > MAX_VALUE_BYTES) {
            throw new IllegalArgumentException(
                    "a key of %d bytes with a value of %d: keys have 1 to %d bytes, values up to %d"
                            .formatted(keyBytes, value.length, MAX_KEY_BYTES, MAX_VALUE_BYTES));
        }
    }

    Entry get(String key) {
        Entry entry = entries.get(key);
        return entry == null ? absent(key) : entry;
    }

    List<Entry> list(String prefix) {
        return entries.tailMap(prefix).values().stream()
                .takeWhile(entry -> entry.key().startsWith(prefix))
                .toList();
    }

    Outcome compareAndSet(String key, long expectedVersion, byte[] value) {
        Entry current = get(key);
        if (current.version() != expectedVersion) {
            return new Outcome.Refused(current);
        }
        Entry next = new Entry(key, nextVersion++, value);
        undo.add(current);
        entries.put(key, next);
        changes.add(Change.put(next));
        return new Outcome.Applied(next.version());
    }

    Outcome delete(String key, long expectedVersion) {
        Entry current = get(key);
        if (current.version() != expectedVersion) {
            return new Outcome.Refused(current);
        }
        if (current.version() == MetadataStore.ABSENT) {
            return new Outcome.Applied(MetadataStore.ABSENT);
        }
        long version = nextVersion++;
        undo.add(current);
        entries.remove(key);
        changes.add(Change.delete(key, version));
        return new Outcome.Applied(version);
    }

    /** The changes since the last {@link #commit} or {@link #rollBack}, in their order. */
    List<Change> changes() {
        return List.copyOf(changes);
    }

    /** The changes are durable. */
    void commit() {
        changes.clear();
        undo.clear();
    }

    /** The changes are not, or nobody knows. Their versions are not used again. */
    void rollBack() {
        for (Entry before : undo.reversed()) {
            if (before.version() == MetadataStore.ABSENT) {
                entries.remove(before.key());
            } else {
                entries.put(before.key(), before);
            }
        }
        commit();
    }

    /** All entries, with no change under way. */
    SortedMap<String, Entry> committed() {
        return entries;
    }

    void startAt(long version) {
        nextVersion = version;
    }

    long nextVersion() {
        return nextVersion;
    }

    private static Entry absent(String key) {
        return new Entry(key, MetadataStore.ABSENT, NOTHING);
    }
}
