package io.ackgate.gateway.metrics;

import io.ackgate.gateway.topic.Topic;
import io.ackgate.storage.api.TopicId;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The series of each topic, from its first record on until it is deleted. Any thread; nothing is
 * built for a topic that has its series, nor for one that has none.
 */
@Singleton
class TopicSeries {
    /** Topics beyond this share one series, until one of these is deleted. */
    static final int MAX_TOPICS = 200;

    /** Value of the label of those that share one. No topic can have this name. */
    static final String OTHERS = "(others)";

    private final MeterRegistry registry;
    private final TopicMeters others;

    /** At most {@link #MAX_TOPICS}; changed under the lock of this. */
    private final Map<TopicId, TopicMeters> topics = new ConcurrentHashMap<>();

    TopicSeries(MeterRegistry registry) {
        this.registry = registry;
        this.others = new TopicMeters(registry, OTHERS);
    }

    /** Where something of this topic is counted. */
    TopicMeters of(Topic topic) {
        TopicMeters meters = topics.get(topic.id());
        if (meters != null) {
            return meters;
        }
        return topics.size() < MAX_TOPICS ? add(topic) : others;
    }

    private synchronized TopicMeters add(Topic topic) {
        TopicMeters there = topics.get(topic.id());
        if (there == null && topics.size() < MAX_TOPICS) {
            there = new TopicMeters(registry, topic.name());
            topics.put(topic.id(), there);
        }
        return there == null ? others : there;
    }

    /** Ends the series of all topics but these. */
    synchronized void keepOnly(Collection<Topic> live) {
        Set<TopicId> ids = live.stream().map(Topic::id).collect(Collectors.toSet());
        Map<TopicId, TopicMeters> gone = new HashMap<>(topics);
        gone.keySet().removeAll(ids);
        if (gone.isEmpty()) {
            return;
        }
        topics.keySet().removeAll(gone.keySet());
        // A topic that was deleted and created anew goes on with the series of its name.
        Set<Meter> used =
                topics.values().stream()
                        .map(TopicMeters::all)
                        .flatMap(List::stream)
                        .collect(Collectors.toSet());
        gone.values().stream()
                .map(TopicMeters::all)
                .flatMap(List::stream)
                .filter(meter -> !used.contains(meter))
                .forEach(registry::remove);
    }
}
