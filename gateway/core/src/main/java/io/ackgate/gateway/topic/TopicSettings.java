package io.ackgate.gateway.topic;

import io.ackgate.gateway.partition.Acks;
import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.ReplicaSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The settings of a topic, each given or its default. Names, bounds and text form: {@link
 * TopicSetting}.
 *
 * @param minInsyncReplicas members that the ISR must have for acks=all, 1 to the replication factor
 * @param maxMessageBytes greatest size of a batch, bytes
 * @param replica what each replica needs to know: durability, segment size, retention, expiration
 *     of producers
 * @param defaultAcks for requests that leave acks out
 * @param minAcks requests under it are refused with POLICY_VIOLATION; {@link Acks#NONE} is no floor
 */
public record TopicSettings(
        int minInsyncReplicas,
        int maxMessageBytes,
        ReplicaSettings replica,
        Acks defaultAcks,
        Acks minAcks) {

    /** Whether a request with {@code acks} is under the topic's floor. */
    public boolean forbids(Acks acks) {
        return acks.compareTo(minAcks) < 0;
    }

    /**
     * The settings that {@code overrides} and the defaults make for a topic of this replication
     * factor.
     *
     * <p>min.insync.replicas is 2 by default where there are 3 replicas or more, and 1 below:
     * acks=all then withstands the loss of any one replica without a setting, and goes on when any
     * one is down. Kafka's own default, 1, lets acks=all be answered by one disk.
     *
     * @param overrides checked before, see {@link TopicSetting#problemWith}
     */
    public static TopicSettings resolve(int replicationFactor, Map<String, String> overrides) {
        int minInsyncByDefault = replicationFactor >= 3 ? 2 : 1;
        return new TopicSettings(
                (int) number(overrides, TopicSetting.MIN_INSYNC_REPLICAS, minInsyncByDefault),
                (int) number(overrides, TopicSetting.MAX_MESSAGE_BYTES, 1_048_588),
                new ReplicaSettings(
                        overrides
                                        .getOrDefault(
                                                TopicSetting.DURABILITY.key(), TopicSetting.FSYNC)
                                        .equals(TopicSetting.FSYNC)
                                ? Durability.FSYNC
                                : Durability.PAGE_CACHE,
                        (int)
                                number(
                                        overrides,
                                        TopicSetting.SEGMENT_BYTES,
                                        ReplicaSettings.DEFAULTS.segmentBytes()),
                        number(
                                overrides,
                                TopicSetting.RETENTION_MS,
                                ReplicaSettings.DEFAULTS.retentionMillis()),
                        number(
                                overrides,
                                TopicSetting.RETENTION_BYTES,
                                ReplicaSettings.DEFAULTS.retentionBytes()),
                        number(
                                overrides,
                                TopicSetting.PRODUCER_ID_EXPIRATION_MS,
                                ReplicaSettings.DEFAULTS.producerExpirationMillis())),
                acks(overrides, TopicSetting.DEFAULT_ACKS, Acks.ALL),
                acks(overrides, TopicSetting.MIN_ACKS, Acks.NONE));
    }

    /** Every setting in its text form, by Kafka's name, in the order of {@link TopicSetting}. */
    public Map<String, String> asText() {
        Map<String, String> text = new LinkedHashMap<>();
        for (TopicSetting setting : TopicSetting.values()) {
            text.put(setting.key(), asText(setting));
        }
        return text;
    }

    private String asText(TopicSetting setting) {
        return switch (setting) {
            case MIN_INSYNC_REPLICAS -> Integer.toString(minInsyncReplicas);
            case MAX_MESSAGE_BYTES -> Integer.toString(maxMessageBytes);
            case RETENTION_MS -> Long.toString(replica.retentionMillis());
            case RETENTION_BYTES -> Long.toString(replica.retentionBytes());
            case SEGMENT_BYTES -> Integer.toString(replica.segmentBytes());
            case PRODUCER_ID_EXPIRATION_MS -> Long.toString(replica.producerExpirationMillis());
            case DURABILITY ->
                    replica.durability() == Durability.FSYNC
                            ? TopicSetting.FSYNC
                            : TopicSetting.PAGE_CACHE;
            case DEFAULT_ACKS -> TopicSetting.acksAsText(defaultAcks);
            case MIN_ACKS -> TopicSetting.acksAsText(minAcks);
        };
    }

    private static long number(
            Map<String, String> overrides, TopicSetting setting, long byDefault) {
        String given = overrides.get(setting.key());
        return given == null ? byDefault : Long.parseLong(given);
    }

    private static Acks acks(Map<String, String> overrides, TopicSetting setting, Acks byDefault) {
        String given = overrides.get(setting.key());
        return given == null ? byDefault : TopicSetting.acksOf(given);
    }
}
