package io.ackgate.gateway.consume;

/** Bounds of what a consumer may ask for; they stand in the API's comments. */
public final class ConsumerLimits {
    /** Longest long poll, milliseconds. */
    public static final int MAX_WAIT_MILLIS = 300_000;

    /** Greatest answer that can be asked for, bytes. */
    public static final int MAX_BYTES = 64 << 20;

    /** Greatest answer that is given, but for a single record or batch that is larger, bytes. */
    public static final int MAX_ANSWER_BYTES = 8 << 20;

    /** Answer when nothing is said, bytes. */
    public static final int DEFAULT_BYTES = 1 << 20;

    private ConsumerLimits() {}
}
