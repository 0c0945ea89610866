package io.ackgate.gateway.metadata.etcd;

import io.ackgate.gateway.metadata.MetadataFullException;
import io.ackgate.gateway.metadata.MetadataRoom;
import io.ackgate.gateway.metadata.MetadataStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The newest version and the size of each key, as far as answers and the watch have told: how full
 * the store is, and which keys may be gone when the watch has missed something. Any thread.
 */
final class KnownKeys {
    /**
     * What is known of a key.
     *
     * @param bytes what it counts for; 0 where this gateway has deleted it, until the watch tells
     */
    private record Known(long version, long bytes) {}

    private static final Known NOTHING = new Known(MetadataStore.ABSENT, 0);

    private final MetadataRoom room;
    private final Map<String, Known> keys = new HashMap<>();
    private long bytes;

    /** Of the latest change that anybody has told. */
    private long revision;

    KnownKeys(MetadataRoom room) {
        this.room = room;
    }

    /**
     * Lets a value be written over the version that the writer knows, or not.
     *
     * @throws MetadataFullException if there is no room for it. It is left to etcd to refuse a
     *     version that is not the present one
     */
    synchronized void requireRoom(String key, long version, int valueBytes)
            throws MetadataFullException {
        Known known = keys.getOrDefault(key, NOTHING);
        if (version == (known.bytes == 0 ? MetadataStore.ABSENT : known.version)) {
            room.require(bytes, key, known.bytes, valueBytes);
        }
    }

    /** The key has that value, or had it and has a later one. */
    synchronized void stored(String key, long version, int valueBytes) {
        know(key, new Known(version, MetadataRoom.sizeOf(key, valueBytes)));
    }

    /** An answer says that the key is deleted; the watch may still tell of older values. */
    synchronized void deleted(String key, long version) {
        know(key, new Known(version, 0));
    }

    /** The watch says so, and tells of nothing older any more. */
    synchronized void seenDeleted(String key, long version) {
        @Nullable Known known = keys.get(key);
        if (known != null && known.version <= version) {
            bytes -= known.bytes;
            keys.remove(key);
        }
    }

    /**
     * All that exists was listed at a revision, and the watch goes on behind it.
     *
     * @return the keys that were known and are gone
     */
    synchronized List<String> listed(Set<String> existing, long revision) {
        List<String> gone = new ArrayList<>();
        keys.forEach(
                (key, known) -> {
                    if (known.version <= revision && !existing.contains(key)) {
                        gone.add(key);
                    }
                });
        gone.forEach(key -> seenDeleted(key, revision));
        return gone;
    }

    /** Of the latest change that an answer or the watch has told. */
    synchronized long revision() {
        return revision;
    }

    private void know(String key, Known now) {
        revision = Math.max(revision, now.version);
        Known before = keys.getOrDefault(key, NOTHING);
        if (before.version <= now.version) {
            keys.put(key, now);
            bytes += now.bytes - before.bytes;
        }
    }
}
