package io.ackgate.gateway.topic;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What holds for all topics of the cluster.
 *
 * @param partitions of a topic that does not say how many, 1 or more
 * @param replicationFactor likewise, 1 or more
 * @param settings of a topic that does not say, by Kafka's names; they are stored with a topic when
 *     it is created, so that a change of them changes no topic that is there
 * @param maxTotalPartitions partitions of all topics together, 1 or more; beyond them new ones are
 *     refused
 */
public record TopicPolicy(
        int partitions,
        int replicationFactor,
        Map<String, String> settings,
        int maxTotalPartitions) {

    /** What holds where nothing is set. */
    public static final TopicPolicy DEFAULTS = new TopicPolicy(1, 3, Map.of(), 200_000);

    public TopicPolicy {
        settings = Map.copyOf(settings);
    }

    /** What is wrong with it, as a sentence; null if nothing is. */
    public @Nullable String problem() {
        TopicOutcome.Refused wrong = TopicRules.partitions(partitions);
        if (wrong == null) {
            wrong = TopicRules.settings(replicationFactor, settings);
        }
        return wrong == null ? null : wrong.detail();
    }

    /**
     * The settings of a new topic, given or by default.
     *
     * <p>min.insync.replicas is by default no more than there are replicas.
     */
    Map<String, String> settings(int replicationFactor, Map<String, String> given) {
        Map<String, String> all = new HashMap<>(settings);
        all.computeIfPresent(
                TopicSetting.MIN_INSYNC_REPLICAS.key(),
                (_, least) -> Long.toString(Math.min(Long.parseLong(least), replicationFactor)));
        all.putAll(given);
        return all;
    }
}
