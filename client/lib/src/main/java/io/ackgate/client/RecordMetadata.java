package io.ackgate.client;

/**
 * Where an acknowledged record stands.
 *
 * @param topic its topic
 * @param partition 0 or more
 * @param offset its place in the partition, 0 or more; {@link #NO_OFFSET} with acks=0, and for a
 *     retry whose original is in the log but too old for its offset to be remembered
 * @param timestampMillis the record's timestamp, milliseconds since 1970-01-01T00:00Z
 * @param leaderEpoch epoch of the partition's owner that answered; 0 with acks=0
 * @param duplicate whether the answer came for a retry whose original was in the log already
 */
public record RecordMetadata(
        String topic,
        int partition,
        long offset,
        long timestampMillis,
        int leaderEpoch,
        boolean duplicate) {
    /** The offset is not known. */
    public static final long NO_OFFSET = -1;
}
