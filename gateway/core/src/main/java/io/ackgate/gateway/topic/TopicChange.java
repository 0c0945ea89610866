package io.ackgate.gateway.topic;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A change of a topic; what is not named stays.
 *
 * @param partitions the new number of partitions, at least the present one
 * @param settings by Kafka's names; an empty value goes back to the cluster's default
 */
public record TopicChange(OptionalInt partitions, Map<String, Optional<String>> settings) {
    public TopicChange {
        settings = Map.copyOf(settings);
    }

    /** More partitions. */
    public static TopicChange partitions(int count) {
        return new TopicChange(OptionalInt.of(count), Map.of());
    }

    /** One setting changed. */
    public static TopicChange set(String name, String value) {
        return new TopicChange(OptionalInt.empty(), Map.of(name, Optional.of(value)));
    }
}
