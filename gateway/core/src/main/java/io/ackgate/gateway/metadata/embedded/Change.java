package io.ackgate.gateway.metadata.embedded;

import io.ackgate.gateway.metadata.MetadataStore.Entry;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One change of one key, as the log holds it.
 *
 * <pre>
 *  0  u8   1 put, 2 delete
 *  1  i64  version of the change
 *  9  u32  bytes of the key
 * 13  u32  bytes of the value
 * 17  ...  the key in UTF-8, then the value
 * </pre>
 *
 * @param version greater than that of every change before it
 * @param value empty for a deletion
 */
record Change(boolean deletion, long version, String key, byte[] value) {
    private static final int FIXED_BYTES = 17;
    private static final byte PUT = 1;
    private static final byte DELETE = 2;

    static Change put(Entry entry) {
        return new Change(false, entry.version(), entry.key(), entry.value());
    }

    static Change delete(String key, long version) {
        return new Change(true, version, key, new byte[0]);
    }

    byte[] encode() {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(FIXED_BYTES + name.length + value.length)
                .put(deletion ? DELETE : PUT)
                .putLong(version)
                .putInt(name.length)
                .putInt(value.length)
                .put(name)
                .put(value)
                .array();
    }

    /**
     * Reads a change at the buffer's position and moves the position past it.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Change decode(ByteBuffer source) {
        try {
            byte kind = source.get();
            long version = source.getLong();
            int keyBytes = source.getInt();
            int valueBytes = source.getInt();
            if ((kind != PUT && kind != DELETE)
                    || keyBytes < 0
                    || valueBytes < 0
                    || (long) keyBytes + valueBytes > source.remaining()) {
                throw new IllegalArgumentException("a change of kind " + kind + " is not whole");
            }
            byte[] name = new byte[keyBytes];
            byte[] value = new byte[valueBytes];
            source.get(name).get(value);
            return new Change(
                    kind == DELETE, version, new String(name, StandardCharsets.UTF_8), value);
        } catch (BufferUnderflowException tooShort) {
            throw new IllegalArgumentException("a change is cut short", tooShort);
        }
    }
}
