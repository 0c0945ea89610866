package io.ackgate.gateway.metadata.embedded;

import io.ackgate.gateway.metadata.MetadataFullException;
import io.ackgate.gateway.metadata.MetadataKeys;
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

    /** What an entry takes in memory beside the bytes of its key and its value, about. */
    static final int ENTRY_OVERHEAD_BYTES = 128;

    private static final byte[] NOTHING = new byte[0];

    private final TreeMap<String, Entry> entries = new TreeMap<>();
    private final List<Change> changes = new ArrayList<>();
    private final List<Entry> undo = new ArrayList<>();

    /** What new keys may fill, bytes. */
    private final long maxBytes;

    /** What the entries take in memory, bytes. */
    private long bytes;

    /** Grows for ever, also over deletions, compactions and failed writes. */
    private long nextVersion = 1;

    /**
     * Nothing yet.
     *
     * @param maxBytes what new keys may fill; an eighth more is kept for changes of keys that are
     *     there, and for what the deletion of a topic needs
     */
    Entries(long maxBytes) {
        this.maxBytes = maxBytes;
    }

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

    /**
     * Stores a value if the version is the expected one.
     *
     * @throws MetadataFullException if there is no room for it; nothing was changed
     */
    Outcome compareAndSet(String key, long expectedVersion, byte[] value)
            throws MetadataFullException {
        Entry current = get(key);
        if (current.version() != expectedVersion) {
            return new Outcome.Refused(current);
        }
        requireRoom(current, value);
        Entry next = new Entry(key, nextVersion++, value);
        undo.add(current);
        put(next);
        changes.add(Change.put(next));
        return new Outcome.Applied(next.version());
    }

    private void requireRoom(Entry current, byte[] value) throws MetadataFullException {
        long more = sizeOf(new Entry(current.key(), 1, value)) - sizeOf(current);
        long allowed = mayUseReserve(current) ? maxBytes + maxBytes / 8 : maxBytes;
        if (more > 0 && bytes + more > allowed) {
            throw new MetadataFullException(
                    ("the metadata store holds %d bytes of %d: delete topics or consumer groups"
                         + " that are not needed, or allow more (ackgate.metadata.max-size)")
                            .formatted(bytes, maxBytes));
        }
    }

    /** Partitions and deletions are as many as the topics that were let in. */
    private static boolean mayUseReserve(Entry current) {
        return current.version() != MetadataStore.ABSENT
                || current.key().startsWith(MetadataKeys.PARTITIONS)
                || current.key().startsWith(MetadataKeys.DELETIONS);
    }

    private static long sizeOf(Entry entry) {
        return entry.version() == MetadataStore.ABSENT
                ? 0
                : ENTRY_OVERHEAD_BYTES + (long) entry.key().length() + entry.value().length;
    }

    private void put(Entry entry) {
        Entry before = entries.put(entry.key(), entry);
        bytes += sizeOf(entry) - (before == null ? 0 : sizeOf(before));
    }

    private void remove(String key) {
        Entry before = entries.remove(key);
        bytes -= before == null ? 0 : sizeOf(before);
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
        remove(key);
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
                remove(before.key());
            } else {
                put(before);
            }
        }
        commit();
    }

    /** All entries, with no change under way. */
    SortedMap<String, Entry> committed() {
        return entries;
    }

    /** Everything was put into {@link #committed}, as read from the log. */
    void startAt(long version) {
        nextVersion = version;
        bytes = entries.values().stream().mapToLong(Entries::sizeOf).sum();
    }

    /** What the entries take in memory, bytes. */
    long bytes() {
        return bytes;
    }

    long nextVersion() {
        return nextVersion;
    }

    private static Entry absent(String key) {
        return new Entry(key, MetadataStore.ABSENT, NOTHING);
    }
}
