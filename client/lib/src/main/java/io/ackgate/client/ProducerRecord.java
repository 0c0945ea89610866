package io.ackgate.client;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event to write. The arrays are copied by the time {@link AckgateProducer#send} returns, unless
 * the topic's partitions are not known yet: do not write to them again.
 *
 * @param topic name of an existing topic
 * @param partition 0 or more; null lets the key decide (murmur2, as Kafka's default partitioner)
 *     or, without a key, keeps one partition until {@code batch.size} bytes went there
 * @param timestampMillis milliseconds since 1970-01-01T00:00Z, 0 or more; null is the time of the
 *     send
 * @param key null is distinct from empty
 * @param value null is distinct from empty
 * @param headers kept in this order
 */
public record ProducerRecord(
        String topic,
        @Nullable Integer partition,
        @Nullable Long timestampMillis,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<RecordHeader> headers) {

    // Not the compact form: javac leaves the array's @Nullable out of that one's class file, and
    // NullAway would refuse null to callers in other modules.
    public ProducerRecord(
            String topic,
            @Nullable Integer partition,
            @Nullable Long timestampMillis,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<RecordHeader> headers) {
        if (topic.isEmpty()) {
            throw new IllegalArgumentException("topic is empty");
        }
        if (partition != null && partition < 0) {
            throw new IllegalArgumentException("partition " + partition + " is negative");
        }
        if (timestampMillis != null && timestampMillis < 0) {
            throw new IllegalArgumentException("timestamp " + timestampMillis + " is negative");
        }
        this.topic = topic;
        this.partition = partition;
        this.timestampMillis = timestampMillis;
        this.key = key;
        this.value = value;
        this.headers = List.copyOf(headers);
    }

    /** A record whose partition follows from its key. */
    public static ProducerRecord of(String topic, byte @Nullable [] key, byte @Nullable [] value) {
        return new ProducerRecord(topic, null, null, key, value, List.of());
    }

    /** A record of two texts, written as UTF-8. */
    public static ProducerRecord of(String topic, @Nullable String key, @Nullable String value) {
        return of(
                topic,
                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    /** The same record with these headers in place of its own. */
    public ProducerRecord withHeaders(List<RecordHeader> chosen) {
        return new ProducerRecord(topic, partition, timestampMillis, key, value, chosen);
    }

    /** The same record for a partition of the caller's choice. */
    public ProducerRecord toPartition(int chosen) {
        return new ProducerRecord(topic, chosen, timestampMillis, key, value, headers);
    }
}
