package io.ackgate.client;

import java.util.Locale;

/** How a producer compresses the records of a batch: Kafka's {@code compression.type}. */
public enum CompressionType {
    /** Not at all. */
    NONE,
    /** RFC 1952, at the JDK's default level. */
    GZIP;

    /**
     * Reads a setting as Kafka writes it.
     *
     * @param setting {@code none} or {@code gzip}
     * @throws IllegalArgumentException for anything else, Kafka's other names included
     */
    public static CompressionType of(String setting) {
        return switch (setting.trim().toLowerCase(Locale.ROOT)) {
            case "none" -> NONE;
            case "gzip" -> GZIP;
            case "snappy", "lz4", "zstd" ->
                    throw new IllegalArgumentException(
                            "compression.type is '"
                                    + setting
                                    + "', which this client does not write; it must be none or"
                                    + " gzip");
            default ->
                    throw new IllegalArgumentException(
                            "compression.type is '" + setting + "'; it must be none or gzip");
        };
    }

    /** Kafka's way of writing it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
