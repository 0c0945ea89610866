package io.ackgate.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one record, kept as the bytes they will be. One instance can serve record after
 * record: {@link #clear()} keeps the memory. A header's key is never null and may be empty or occur
 * more than once; its value may be null. Confined to one thread.
 */
public final class RecordHeaders {
    /** No headers; must not be added to. */
    public static final RecordHeaders NONE = new RecordHeaders(ByteBuffer.allocate(0));

    private static final int INITIAL_BYTES = 128;

    private ByteBuffer encoded;
    private int size;
    private int count;

    /** Starts without headers. */
    public RecordHeaders() {
        this(ByteBuffer.allocate(INITIAL_BYTES));
    }

    private RecordHeaders(ByteBuffer encoded) {
        this.encoded = encoded;
    }

    /**
     * Adds a header.
     *
     * @param key written as UTF-8
     * @param value null is kept as null, distinct from empty
     * @return this
     */
    public RecordHeaders add(String key, byte @Nullable [] value) {
        return add(
                ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8)),
                value == null ? null : ByteBuffer.wrap(value));
    }

    /**
     * Adds a header from slices, which are copied and stay as they are.
     *
     * @param key UTF-8, from position to limit
     * @param value from position to limit; null is kept as null, distinct from empty
     * @return this
     */
    public RecordHeaders add(ByteBuffer key, @Nullable ByteBuffer value) {
        if (this == NONE) {
            throw new IllegalStateException("NONE is shared and stays empty");
        }
        int valueLength = value == null ? -1 : value.remaining();
        int bytes =
                Math.addExact(
                        Varints.size(key.remaining()) + Varints.size(valueLength),
                        Math.addExact(key.remaining(), Math.max(valueLength, 0)));
        reserve(bytes);
        int at = Varints.put(encoded, size, key.remaining());
        encoded.put(at, key, key.position(), key.remaining());
        at += key.remaining();
        at = Varints.put(encoded, at, valueLength);
        if (value != null) {
            encoded.put(at, value, value.position(), valueLength);
        }
        size += bytes;
        count++;
        return this;
    }

    /** Forgets all headers and keeps the memory. */
    public void clear() {
        size = 0;
        count = 0;
    }

    /**
     * How many headers there are.
     *
     * @return 0 or more
     */
    public int count() {
        return count;
    }

    /** Bytes that the headers take in a record, without their count. */
    int sizeInBytes() {
        return size;
    }

    /** Copies the headers, without their count. */
    void copyTo(ByteBuffer target, int index) {
        target.put(index, encoded, 0, size);
    }

    private void reserve(int bytes) {
        int needed = Math.addExact(size, bytes);
        if (needed > encoded.capacity()) {
            ByteBuffer larger =
                    ByteBuffer.allocate((int) Math.min(Integer.MAX_VALUE - 8, 2L * needed));
            larger.put(0, encoded, 0, size);
            encoded = larger;
        }
    }
}
