package io.ackgate.gateway.topic;

import java.util.Map;
import java.util.OptionalInt;

/**
 * A topic to be created.
 *
 * @param partitions when left out, what the {@link TopicPolicy} says
 * @param replicationFactor likewise
 * @param settings by Kafka's names (see {@link TopicSetting}); what is left out is what the policy
 *     says, or has its default
 */
public record TopicSpec(
        String name,
        OptionalInt partitions,
        OptionalInt replicationFactor,
        Map<String, String> settings) {

    public TopicSpec {
        settings = Map.copyOf(settings);
    }

    /** A topic with every default. */
    public static TopicSpec named(String name) {
        return new TopicSpec(name, OptionalInt.empty(), OptionalInt.empty(), Map.of());
    }

    /** This topic with so many partitions. */
    public TopicSpec withPartitions(int count) {
        return new TopicSpec(name, OptionalInt.of(count), replicationFactor, settings);
    }

    /** This topic with so many replicas of each partition. */
    public TopicSpec withReplicationFactor(int factor) {
        return new TopicSpec(name, partitions, OptionalInt.of(factor), settings);
    }

    /** This topic with these settings instead. */
    public TopicSpec withSettings(Map<String, String> changed) {
        return new TopicSpec(name, partitions, replicationFactor, changed);
    }
}
