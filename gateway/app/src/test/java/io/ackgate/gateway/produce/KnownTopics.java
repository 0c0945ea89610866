package io.ackgate.gateway.produce;

import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.TopicChange;
import io.ackgate.gateway.topic.TopicOutcome;
import io.ackgate.gateway.topic.TopicSettings;
import io.ackgate.gateway.topic.TopicSpec;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.TopicId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Topics that are simply there. */
public final class KnownTopics implements Topics {
    private final Map<String, Topic> topics = new LinkedHashMap<>();

    /** Called with each name that is looked up; may fail. */
    public Consumer<String> onCached = name -> {};

    public Topic add(String name, int partitions, Map<String, String> settings) {
        List<NodeId> nodes = List.of(new NodeId(1), new NodeId(2), new NodeId(3));
        Topic topic =
                new Topic(
                        name,
                        new TopicId(7, topics.size()),
                        nodes.size(),
                        Collections.nCopies(partitions, nodes),
                        settings,
                        TopicSettings.resolve(nodes.size(), settings),
                        0);
        topics.put(name, topic);
        return topic;
    }

    @Override
    public @Nullable Topic cached(String name) {
        onCached.accept(name);
        return topics.get(name);
    }

    @Override
    public @Nullable Topic cached(TopicId id) {
        return topics.values().stream().filter(t -> t.id().equals(id)).findFirst().orElse(null);
    }

    @Override
    public List<Topic> cached() {
        return List.copyOf(topics.values());
    }

    @Override
    public CompletionStage<TopicOutcome> create(TopicSpec spec) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<TopicOutcome> describe(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<List<Topic>> list() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<TopicOutcome> alter(String name, TopicChange change) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<TopicOutcome> delete(String name) {
        throw new UnsupportedOperationException();
    }
}
