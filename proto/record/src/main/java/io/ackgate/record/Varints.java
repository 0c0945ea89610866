package io.ackgate.record;

import java.nio.ByteBuffer;

/**
 * The variable-length numbers of a record: zigzag, so that small negative numbers are short too,
 * then seven bits a byte, lowest first, with the high bit saying that another byte follows.
 */
final class Varints {
    static final int MAX_INT_BYTES = 5;
    static final int MAX_LONG_BYTES = 10;

    private Varints() {}

    static int zigzag(int value) {
        return (value << 1) ^ (value >> 31);
    }

    static long zigzag(long value) {
        return (value << 1) ^ (value >> 63);
    }

    /** Bytes that a number takes, 1 to 5. */
    static int size(int value) {
        // Bits used, divided by seven and rounded up; nine sixty-fourths are near enough.
        return (Integer.SIZE * 9 + 64 - Integer.numberOfLeadingZeros(zigzag(value)) * 9) >>> 6;
    }

    /** Bytes that a number takes, 1 to 10. */
    static int size(long value) {
        return (Long.SIZE * 9 + 64 - Long.numberOfLeadingZeros(zigzag(value)) * 9) >>> 6;
    }

    /** Writes a number and gives the index after its last byte. */
    static int put(ByteBuffer buffer, int index, int value) {
        int rest = zigzag(value);
        int at = index;
        while ((rest & ~0x7F) != 0) {
            buffer.put(at++, (byte) (rest | 0x80));
            rest >>>= 7;
        }
        buffer.put(at++, (byte) rest);
        return at;
    }

    /** Writes a number and gives the index after its last byte. */
    static int put(ByteBuffer buffer, int index, long value) {
        long rest = zigzag(value);
        int at = index;
        while ((rest & ~0x7FL) != 0) {
            buffer.put(at++, (byte) (rest | 0x80));
            rest >>>= 7;
        }
        buffer.put(at++, (byte) rest);
        return at;
    }
}
