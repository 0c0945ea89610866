package io.ackgate.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the headers of the record that a {@link RecordBatchReader} stands on. That record was
 * checked as a whole, so that nothing can be found wrong here. Confined to the reader's thread.
 */
public final class RecordHeaderCursor {
    private ByteBuffer records = ByteBuffer.allocate(0);
    private int at;
    private int left;
    private int keyPosition;
    private int keyLength;
    private int valuePosition;
    private int valueLength;

    RecordHeaderCursor() {}

    void reset(ByteBuffer records, int position, int count) {
        this.records = records;
        at = position;
        left = count;
    }

    /**
     * Goes on to the next header.
     *
     * @return false if there is none
     */
    public boolean next() {
        if (left == 0) {
            return false;
        }
        left--;
        keyLength = varint();
        keyPosition = at;
        at += keyLength;
        valueLength = varint();
        valuePosition = at;
        at += Math.max(valueLength, 0);
        return true;
    }

    private int varint() {
        int bits = 0;
        int shift = 0;
        int b;
        do {
            b = records.get(at++);
            bits |= (b & 0x7F) << shift;
            shift += 7;
        } while (b < 0);
        return (bits >>> 1) ^ -(bits & 1);
    }

    /** The key as text; what is not UTF-8 becomes U+FFFD, as in Kafka's clients. */
    public String keyText() {
        return StandardCharsets.UTF_8.decode(key()).toString();
    }

    /** The key as a slice. */
    public ByteBuffer key() {
        return records.slice(keyPosition, keyLength);
    }

    /** The value as a slice; null and empty are distinct. */
    public @Nullable ByteBuffer value() {
        return valueLength < 0 ? null : records.slice(valuePosition, valueLength);
    }
}
