package io.ackgate.record;

import java.nio.ByteBuffer;

/**
 * The hash by which Kafka's default partitioner spreads keys. A key goes to the same partition here
 * as there, whichever client sends it.
 */
public final class Murmur2 {
    private static final int SEED = 0x9747b28c;
    private static final int M = 0x5bd1e995;
    private static final int R = 24;

    private Murmur2() {}

    /**
     * Hash of a key.
     *
     * @param key any length, 0 included
     */
    public static int hash(byte[] key) {
        return hash(ByteBuffer.wrap(key));
    }

    /**
     * Hash of a key.
     *
     * @param key from position to limit, any byte order; only read
     */
    public static int hash(ByteBuffer key) {
        int length = key.remaining();
        int at = key.position();
        int hash = SEED ^ length;
        for (int words = length / Integer.BYTES; words > 0; words--) {
            int word =
                    (key.get(at) & 0xFF)
                            | (key.get(at + 1) & 0xFF) << 8
                            | (key.get(at + 2) & 0xFF) << 16
                            | key.get(at + 3) << 24;
            word *= M;
            word ^= word >>> R;
            hash = (hash * M) ^ (word * M);
            at += Integer.BYTES;
        }
        int rest = length % Integer.BYTES;
        if (rest > 0) {
            for (int i = rest - 1; i >= 0; i--) {
                hash ^= (key.get(at + i) & 0xFF) << (8 * i);
            }
            hash *= M;
        }
        hash ^= hash >>> 13;
        hash *= M;
        return hash ^ (hash >>> 15);
    }

    /**
     * The partition of a key.
     *
     * @param key any length; a record without a key has no partition by key
     * @param partitions how many the topic has, 1 or more
     * @return 0 to {@code partitions} - 1
     * @throws IllegalArgumentException if {@code partitions} is below 1
     */
    public static int partitionForKey(byte[] key, int partitions) {
        return partitionForKey(ByteBuffer.wrap(key), partitions);
    }

    /**
     * The partition of a key.
     *
     * @param key from position to limit, any byte order; only read
     * @param partitions how many the topic has, 1 or more
     * @return 0 to {@code partitions} - 1
     * @throws IllegalArgumentException if {@code partitions} is below 1
     */
    public static int partitionForKey(ByteBuffer key, int partitions) {
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions " + partitions + " is below 1");
        }
        // Kafka drops the sign bit rather than taking the absolute value.
        return (hash(key) & Integer.MAX_VALUE) % partitions;
    }
}
