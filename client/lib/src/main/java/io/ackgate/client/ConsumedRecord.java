package io.ackgate.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A committed record. The arrays are the caller's.
 *
 * @param topic its topic
 * @param partition 0 or more
 * @param offset its place in the partition, 0 or more, dense
 * @param timestampMillis milliseconds since 1970-01-01T00:00Z
 * @param key null is distinct from empty
 * @param value null is distinct from empty
 * @param headers in the order in which the producer gave them
 */
public record ConsumedRecord(
        String topic,
        int partition,
        long offset,
        long timestampMillis,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<RecordHeader> headers) {}
