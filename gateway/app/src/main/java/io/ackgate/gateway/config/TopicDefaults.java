package io.ackgate.gateway.config;

import io.ackgate.gateway.topic.TopicPolicy;
import io.ackgate.gateway.topic.TopicSetting;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What holds for all topics, from the settings of the process. */
public final class TopicDefaults {
    static final String PREFIX = "ackgate.topic.defaults.";

    private TopicDefaults() {}

    /** From settings that {@link SettingsCheck} has found nothing wrong with. */
    public static TopicPolicy policy(AckgateConfig config) {
        TopicConfig topic = config.topic();
        return new TopicPolicy(
                topic.defaults().partitions(),
                topic.defaults().replicationFactor(),
                given(topic.defaults()).entrySet().stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        each -> each.getKey().key(), Map.Entry::getValue)),
                topic.maxTotalPartitions());
    }

    /** Those that were given. */
    static Map<TopicSetting, String> given(TopicConfig.Defaults defaults) {
        Map<TopicSetting, String> given = new EnumMap<>(TopicSetting.class);
        for (TopicSetting setting : TopicSetting.values()) {
            of(setting, defaults).ifPresent(value -> given.put(setting, value));
        }
        return given;
    }

    /** By which a default is set: that of the topic's setting, without our own prefix. */
    static String name(TopicSetting setting) {
        String key = setting.key();
        return PREFIX + (key.startsWith("ackgate.") ? key.substring("ackgate.".length()) : key);
    }

    private static Optional<String> of(TopicSetting setting, TopicConfig.Defaults defaults) {
        return switch (setting) {
            case MIN_INSYNC_REPLICAS -> defaults.minInsyncReplicas();
            case MAX_MESSAGE_BYTES -> defaults.maxMessageBytes();
            case RETENTION_MS -> defaults.retentionMs();
            case RETENTION_BYTES -> defaults.retentionBytes();
            case SEGMENT_BYTES -> defaults.segmentBytes();
            case SEGMENT_MS -> defaults.segmentMs();
            case PRODUCER_ID_EXPIRATION_MS -> defaults.producerIdExpirationMs();
            case DURABILITY -> defaults.durability();
            case DEFAULT_ACKS -> defaults.defaultAcks();
            case MIN_ACKS -> defaults.minAcks();
            // It has a setting of the process: ackgate.unclean.leader.election.
            case UNCLEAN_LEADER_ELECTION -> Optional.empty();
        };
    }
}
