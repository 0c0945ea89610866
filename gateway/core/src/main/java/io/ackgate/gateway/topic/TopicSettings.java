package io.ackgate.gateway.topic;

import io.ackgate.gateway.partition.Acks;
import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.ReplicaSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a topic, each given or its default. Names, bounds and text form: {@link
 * TopicSetting}.
 *
 * @param minInsyncReplicas members that the ISR must have for acks=all, 1 to the replication factor
 * @param maxMessageBytes greatest size of a batch, bytes
 * @param replica what each replica needs to know: durability, size and age of segments, retention,
 *     expiration of producers
 * @param defaultAcks for requests that leave acks out
 * @param minAcks requests under it are refused with POLICY_VIOLATION; {@link Acks#NONE} is no floor
 * @param uncleanElection whether a replica that is not in sync may lead
 */
public record TopicSettings(
        int minInsyncReplicas,
        int maxMessageBytes,
        ReplicaSettings replica,
        Acks defaultAcks,
        Acks minAcks,
        UncleanElection uncleanElection) {

    /** Whether a replica that is not in sync may lead when no other one can. */
    public enum UncleanElection {
        /** As the gateway is set. */
        DEFAULT,
        /** Only when an operator says so. */
        NEVER,
        /** When all assigned replicas have answered and none of the ISR is among them. */
        WHEN_ALL_ANSWERED
    }

    /** Kafka's default: 1 MiB and the overhead of a batch. */
    private static final int DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;

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
     * @param overrides by Kafka's names; names that are not known here are passed over
     * @throws IllegalArgumentException if a value is not one that {@link TopicSetting} allows
     */
    public static TopicSettings resolve(int replicationFactor, Map<String, String> overrides) {
        ReplicaSettings defaults = ReplicaSettings.DEFAULTS;
        return new TopicSettings(
                integer(
                        overrides,
                        TopicSetting.MIN_INSYNC_REPLICAS,
                        replicationFactor >= 3 ? 2 : 1),
                integer(overrides, TopicSetting.MAX_MESSAGE_BYTES, DEFAULT_MAX_MESSAGE_BYTES),
                new ReplicaSettings(
                        durability(overrides),
                        integer(overrides, TopicSetting.SEGMENT_BYTES, defaults.segmentBytes()),
                        number(overrides, TopicSetting.SEGMENT_MS, defaults.segmentMillis()),
                        number(overrides, TopicSetting.RETENTION_MS, defaults.retentionMillis()),
                        number(overrides, TopicSetting.RETENTION_BYTES, defaults.retentionBytes()),
                        number(
                                overrides,
                                TopicSetting.PRODUCER_ID_EXPIRATION_MS,
                                defaults.producerExpirationMillis())),
                acks(overrides, TopicSetting.DEFAULT_ACKS, Acks.ALL),
                acks(overrides, TopicSetting.MIN_ACKS, Acks.NONE),
                uncleanElection(overrides));
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
            case SEGMENT_MS -> Long.toString(replica.segmentMillis());
            case PRODUCER_ID_EXPIRATION_MS -> Long.toString(replica.producerExpirationMillis());
            case DURABILITY ->
                    replica.durability() == Durability.FSYNC
                            ? TopicSetting.FSYNC
                            : TopicSetting.PAGE_CACHE;
            case DEFAULT_ACKS -> defaultAcks.text();
            case MIN_ACKS -> minAcks.text();
            case UNCLEAN_LEADER_ELECTION ->
                    switch (uncleanElection) {
                        case DEFAULT -> TopicSetting.DEFAULT;
                        case NEVER -> TopicSetting.NEVER;
                        case WHEN_ALL_ANSWERED -> TopicSetting.WHEN_ALL_ANSWERED;
                    };
        };
    }

    private static long number(
            Map<String, String> overrides, TopicSetting setting, long byDefault) {
        String given = given(overrides, setting);
        return given == null ? byDefault : Long.parseLong(given);
    }

    private static int integer(Map<String, String> overrides, TopicSetting setting, int byDefault) {
        return Math.toIntExact(number(overrides, setting, byDefault));
    }

    private static Acks acks(Map<String, String> overrides, TopicSetting setting, Acks byDefault) {
        String given = given(overrides, setting);
        return given == null ? byDefault : Objects.requireNonNull(Acks.of(given), given);
    }

    private static Durability durability(Map<String, String> overrides) {
        return TopicSetting.PAGE_CACHE.equals(given(overrides, TopicSetting.DURABILITY))
                ? Durability.PAGE_CACHE
                : Durability.FSYNC;
    }

    private static UncleanElection uncleanElection(Map<String, String> overrides) {
        return switch (given(overrides, TopicSetting.UNCLEAN_LEADER_ELECTION)) {
            case TopicSetting.NEVER -> UncleanElection.NEVER;
            case TopicSetting.WHEN_ALL_ANSWERED -> UncleanElection.WHEN_ALL_ANSWERED;
            case null, default -> UncleanElection.DEFAULT;
        };
    }

    private static @Nullable String given(Map<String, String> overrides, TopicSetting setting) {
        String given = overrides.get(setting.key());
        String problem = given == null ? null : setting.problemWith(given);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        return given;
    }
}
