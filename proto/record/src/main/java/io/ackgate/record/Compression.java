package io.ackgate.record;

import org.jspecify.annotations.Nullable;

/**
 * How the records of a batch are compressed: the lowest three bits of its attributes. The batch
 * header is never compressed, which is why a compressed batch can be stamped, stored and replicated
 * untouched.
 */
public enum Compression {
    /** Records stand as they are. */
    NONE(0),
    /** RFC 1952. */
    GZIP(1),
    /** Snappy in the framing of snappy-java, as Kafka's clients write it. */
    SNAPPY(2),
    /** LZ4 frame format. */
    LZ4(3),
    /** Zstandard frame format. */
    ZSTD(4);

    private static final Compression[] BY_ID = values();

    private final int id;

    Compression(int id) {
        this.id = id;
    }

    /**
     * The number that stands for it in the attributes of a batch.
     *
     * @return 0 to 4
     */
    public int id() {
        return id;
    }

    /**
     * Finds the compression that a batch's attributes name.
     *
     * @param attributes attributes of a RecordBatch v2; only the lowest three bits count
     * @return null for the three values that stand for nothing
     */
    public static @Nullable Compression ofAttributes(int attributes) {
        int id = attributes & RecordBatch.COMPRESSION_MASK;
        return id < BY_ID.length ? BY_ID[id] : null;
    }
}
