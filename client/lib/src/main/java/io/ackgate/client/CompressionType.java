package io.ackgate.client;

import java.util.Locale;

/** How a producer compresses the records of a batch: Kafka's {@code compression.type}. */
public enum CompressionType {
    /** Not at all. */
    NONE,
    /** RFC 1952, at the JDK's default level. */
    GZIP,
    /** Snappy in the framing of snappy-java. */
    SNAPPY,
    /** LZ4 frame format, in independent blocks of 64 KiB. */
    LZ4,
    /** Zstandard frame format, at level 3. */
    ZSTD;

    /**
     * Reads a setting as Kafka writes it.
     *
     * @param setting {@code none}, {@code gzip}, {@code snappy}, {@code lz4} or {@code zstd}
     * @throws IllegalArgumentException for anything else
     */
    public static CompressionType of(String setting) {
        return switch (setting.trim().toLowerCase(Locale.ROOT)) {
            case "none" -> NONE;
            case "gzip" -> GZIP;
            case "snappy" -> SNAPPY;
            case "lz4" -> LZ4;
            case "zstd" -> ZSTD;
            default ->
                    throw new IllegalArgumentException(
                            "compression.type is '"
                                    + setting
                                    + "'; it must be none, gzip, snappy, lz4 or zstd");
        };
    }

    /** Kafka's way of writing it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
