package io.ackgate.gateway.metadata;

import io.ackgate.gateway.metadata.MetadataStore.Entry;
import java.nio.charset.StandardCharsets;

/**
 * What a metadata store takes: the bounds of one key, and of all together.
 *
 * @param maxBytes what new keys may fill; an eighth more is kept for changes of keys that are
 *     there, and for what the deletion of a topic needs
 */
public record MetadataRoom(long maxBytes) {
    /** Bytes of a key in UTF-8. */
    public static final int MAX_KEY_BYTES = 1_024;

    /** Bytes of a value. */
    public static final int MAX_VALUE_BYTES = 1 << 20;

    /** What an entry takes beside the bytes of its key and its value, about. */
    public static final int ENTRY_OVERHEAD_BYTES = 128;

    /** Throws an {@link IllegalArgumentException} for a key or a value that no store takes. */
    public static void requireStorable(String key, byte[] value) {
        int keyBytes = key.getBytes(StandardCharsets.UTF_8).length;
        if (keyBytes == 0 || keyBytes > MAX_KEY_BYTES || value.length > MAX_VALUE_BYTES) {
            throw new IllegalArgumentException(
                    "a key of %d bytes with a value of %d: keys have 1 to %d bytes, values up to %d"
                            .formatted(keyBytes, value.length, MAX_KEY_BYTES, MAX_VALUE_BYTES));
        }
    }

    /** What an entry counts for, bytes; nothing for a key that does not exist. */
    public static long sizeOf(Entry entry) {
        return entry.version() == MetadataStore.ABSENT
                ? 0
                : sizeOf(entry.key(), entry.value().length);
    }

    /** What a key with a value of so many bytes counts for. */
    public static long sizeOf(String key, int valueBytes) {
        return ENTRY_OVERHEAD_BYTES + (long) key.length() + valueBytes;
    }

    /**
     * Lets a key have a value of so many bytes, or not.
     *
     * @param held what all keys count for now
     * @param before what this key counts for now, 0 if it does not exist
     * @throws MetadataFullException if there is no room for it
     */
    public void require(long held, String key, long before, int valueBytes)
            throws MetadataFullException {
        long more = sizeOf(key, valueBytes) - before;
        long allowed = mayUseReserve(key, before) ? maxBytes + maxBytes / 8 : maxBytes;
        if (more > 0 && held + more > allowed) {
            throw new MetadataFullException(
                    ("the metadata store holds %d bytes of %d: delete topics or consumer groups"
                         + " that are not needed, or allow more (ackgate.metadata.max-size)")
                            .formatted(held, maxBytes));
        }
    }

    /** Partitions and deletions are as many as the topics that were let in. */
    private static boolean mayUseReserve(String key, long before) {
        return before > 0
                || key.startsWith(MetadataKeys.PARTITIONS)
                || key.startsWith(MetadataKeys.DELETIONS);
    }
}
