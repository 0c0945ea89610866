package io.ackgate.gateway.topic;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.topic.TopicOutcome.Refused;
import io.ackgate.storage.api.NodeId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a topic may be called and how it may be set. Every refusal says what was given, what is
 * allowed and what to do.
 */
final class TopicRules {
    /** Partitions of one topic; its metadata, one value of the store, stays small. */
    static final int MAX_PARTITIONS = 10_000;

    private TopicRules() {}

    /** What is wrong with a name; null if nothing is. */
    static @Nullable Refused name(String name) {
        String problem = NameRules.problemWith(name);
        return problem == null ? null : new Refused(ErrorCode.INVALID_TOPIC_EXCEPTION, problem);
    }

    /** What is wrong with a number of partitions; null if nothing is. */
    static @Nullable Refused partitions(int given) {
        return given >= 1 && given <= MAX_PARTITIONS
                ? null
                : new Refused(
                        ErrorCode.INVALID_PARTITIONS,
                        "partitions was given as %d: give 1 to %d"
                                .formatted(given, MAX_PARTITIONS));
    }

    /** What is wrong with raising the number of partitions; null if nothing is. */
    static @Nullable Refused morePartitions(Topic topic, int given) {
        if (given < topic.partitions()) {
            return new Refused(
                    ErrorCode.INVALID_PARTITIONS,
                    "partitions was given as %d and topic %s has %d: partitions can be added but never taken away, since that would lose their records; create another topic instead"
                            .formatted(given, topic.name(), topic.partitions()));
        }
        return partitions(given);
    }

    /** What is wrong with a replication factor; null if nothing is. */
    static @Nullable Refused replicationFactor(int given, boolean byDefault, List<NodeId> nodes) {
        if (given >= 1 && given <= nodes.size()) {
            return null;
        }
        return new Refused(
                ErrorCode.INVALID_REPLICATION_FACTOR,
                "replication.factor %s %d and %d storage nodes are registered %s: %s"
                        .formatted(
                                byDefault ? "is by default" : "was given as",
                                given,
                                nodes.size(),
                                nodes,
                                nodes.isEmpty()
                                        ? "start storage nodes first"
                                        : "give 1 to %d, or add nodes".formatted(nodes.size())));
    }

    /** What is wrong with the settings of a topic taken together; null if nothing is. */
    static @Nullable Refused settings(int replicationFactor, Map<String, String> overrides) {
        for (Map.Entry<String, String> each : overrides.entrySet()) {
            TopicSetting setting = TopicSetting.of(each.getKey());
            if (setting == null) {
                return unknownSetting(each.getKey());
            }
            String problem = setting.problemWith(each.getValue());
            if (problem != null) {
                return invalid(problem);
            }
        }
        TopicSettings settings = TopicSettings.resolve(replicationFactor, overrides);
        if (settings.minInsyncReplicas() > replicationFactor) {
            return invalid(
                    "min.insync.replicas was given as %d and replication.factor is %d: no write with acks=all could ever succeed; give 1 to %d"
                            .formatted(
                                    settings.minInsyncReplicas(),
                                    replicationFactor,
                                    replicationFactor));
        }
        if (settings.forbids(settings.defaultAcks())) {
            return invalid(
                    "ackgate.default.acks is %s and ackgate.min.acks is %s: requests that leave acks out would all be refused; raise the default or lower the floor"
                            .formatted(settings.defaultAcks().text(), settings.minAcks().text()));
        }
        return null;
    }

    static Refused unknownSetting(String key) {
        return invalid(
                "%s is not a setting of a topic: use any of %s"
                        .formatted(key, TopicSetting.keys()));
    }

    private static Refused invalid(String detail) {
        return new Refused(ErrorCode.INVALID_CONFIG, detail);
    }

    /** What is wrong with so many more partitions in the cluster; null if nothing is. */
    static @Nullable Refused total(int wanted, long there, int most) {
        return there + wanted <= most
                ? null
                : new Refused(
                        ErrorCode.POLICY_VIOLATION,
                        "%d partitions were asked for, there are %d in all topics, and the cluster may have %d: delete topics, ask for fewer, or raise ackgate.topic.max-total-partitions"
                                .formatted(wanted, there, most));
    }

    /**
     * The settings after a change.
     *
     * @param defaults what a setting that goes back to its default is
     */
    static Map<String, String> changed(
            Map<String, String> overrides,
            Map<String, Optional<String>> changes,
            Map<String, String> defaults) {
        Map<String, String> next = new HashMap<>(overrides);
        changes.forEach(
                (key, value) -> {
                    String given = value.orElse(defaults.get(key));
                    if (given == null) {
                        next.remove(key);
                    } else {
                        next.put(key, given);
                    }
                });
        return next;
    }
}
