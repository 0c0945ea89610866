package io.ackgate.gateway.metadata.embedded;

import io.ackgate.gateway.metadata.MetadataFullException;
import io.ackgate.gateway.metadata.MetadataRoom;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.MetadataStore.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything in memory, and the changes of the group under way, which can be taken back as long as
 * they are not durable. Thread-confined.
 */
final class Entries {
    private static final byte[] NOTHING = new byte[0];

    private final TreeMap<String, Entry> entries = new TreeMap<>();
    private final List<Change> changes = new ArrayList<>();
    private final List<Entry> undo = new ArrayList<>();

    private final MetadataRoom room;

    /** What the entries take in memory, bytes. */
    private long bytes;

    /** Grows for ever, also over deletions, compactions and failed writes. */
    private long nextVersion = 1;

    /** Nothing yet. */
    Entries(MetadataRoom room) {
        this.room = room;
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
        room.require(bytes, key, MetadataRoom.sizeOf(current), value.length);
        Entry next = new Entry(key, nextVersion++, value);
        undo.add(current);
        put(next);
        changes.add(Change.put(next));
        return new Outcome.Applied(next.version());
    }

    private void put(Entry entry) {
        Entry before = entries.put(entry.key(), entry);
        bytes += MetadataRoom.sizeOf(entry) - (before == null ? 0 : MetadataRoom.sizeOf(before));
    }

    private void remove(String key) {
        Entry before = entries.remove(key);
        bytes -= before == null ? 0 : MetadataRoom.sizeOf(before);
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
        bytes = entries.values().stream().mapToLong(MetadataRoom::sizeOf).sum();
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
