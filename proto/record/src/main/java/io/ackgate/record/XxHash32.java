package io.ackgate.record;

/** The checksum of LZ4 frames, xxHash with 32 bits and seed 0. */
final class XxHash32 {
    private static final int PRIME_1 = 0x9E3779B1;
    private static final int PRIME_2 = 0x85EBCA77;
    private static final int PRIME_3 = 0xC2B2AE3D;
    private static final int PRIME_4 = 0x27D4EB2F;
    private static final int PRIME_5 = 0x165667B1;

    private XxHash32() {}

    static int hash(byte[] bytes, int from, int length) {
        int end = from + length;
        int at = from;
        int hash = PRIME_5;
        if (length >= 16) {
            // The sum of the first two, beyond 32 bits.
            int a = 0x24234428;
            int b = PRIME_2;
            int c = 0;
            int d = -PRIME_1;
            for (; at <= end - 16; at += 16) {
                a = round(a, littleEndianInt(bytes, at));
                b = round(b, littleEndianInt(bytes, at + 4));
                c = round(c, littleEndianInt(bytes, at + 8));
                d = round(d, littleEndianInt(bytes, at + 12));
            }
            hash =
                    Integer.rotateLeft(a, 1)
                            + Integer.rotateLeft(b, 7)
                            + Integer.rotateLeft(c, 12)
                            + Integer.rotateLeft(d, 18);
        }
        hash += length;
        for (; at <= end - 4; at += 4) {
            hash += littleEndianInt(bytes, at) * PRIME_3;
            hash = Integer.rotateLeft(hash, 17) * PRIME_4;
        }
        for (; at < end; at++) {
            hash += (bytes[at] & 0xFF) * PRIME_5;
            hash = Integer.rotateLeft(hash, 11) * PRIME_1;
        }
        hash = (hash ^ (hash >>> 15)) * PRIME_2;
        hash = (hash ^ (hash >>> 13)) * PRIME_3;
        return hash ^ (hash >>> 16);
    }

    private static int round(int lane, int input) {
        return Integer.rotateLeft(lane + input * PRIME_2, 13) * PRIME_1;
    }

    private static int littleEndianInt(byte[] bytes, int at) {
        return (bytes[at] & 0xFF)
                | ((bytes[at + 1] & 0xFF) << 8)
                | ((bytes[at + 2] & 0xFF) << 16)
                | (bytes[at + 3] << 24);
    }
}
