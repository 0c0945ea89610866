package io.ackgate.storage.api;

/**
 * What a replica needs to know of its topic's settings.
 *
 * @param durability when an append may be acknowledged
 * @param segmentBytes size at which a segment is closed and the next begins, bytes, 1 KiB or more
 * @param segmentMillis age of its first batch at which a segment is closed by the next append,
 *     milliseconds, 1 or more
 * @param retentionMillis age past which closed segments below the high watermark go, milliseconds;
 *     -1 keeps for ever
 * @param retentionBytes size past which the oldest segments below the high watermark go, bytes; -1
 *     is no limit
 * @param producerExpirationMillis silence after which a producer's state is dropped, milliseconds
 */
public record ReplicaSettings(
        Durability durability,
        int segmentBytes,
        long segmentMillis,
        long retentionMillis,
        long retentionBytes,
        long producerExpirationMillis) {

    /** Kafka's defaults, except that an acknowledgement means the disk has it. */
    public static final ReplicaSettings DEFAULTS =
            new ReplicaSettings(
                    Durability.FSYNC, 128 << 20, 7L * 86_400_000, 7L * 86_400_000, -1, 86_400_000);
}
