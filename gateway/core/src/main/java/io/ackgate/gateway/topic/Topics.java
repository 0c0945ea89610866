package io.ackgate.gateway.topic;

import io.ackgate.storage.api.TopicId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The topics of the cluster. Any thread; stages may complete on a thread of the metadata store. */
public interface Topics {
    /**
     * Creates a topic; when it completes, the topic and the states of its partitions are durable.
     */
    CompletionStage<TopicOutcome> create(TopicSpec spec);

    /** The topic as of now, read from the metadata store. */
    CompletionStage<TopicOutcome> describe(String name);

    /** All topics in the order of their names. */
    CompletionStage<List<Topic>> list();

    /** Changes settings or raises the number of partitions. */
    CompletionStage<TopicOutcome> alter(String name, TopicChange change);

    /**
     * Deletes a topic. When it completes, its name is free and its records are not served any more;
     * replicas drop their logs soon after, those of absent nodes when they are back.
     */
    CompletionStage<TopicOutcome> delete(String name);

    /**
     * The topic as this gateway last saw it, without waiting: for the path of every request. May be
     * behind what another gateway has just done; null when there is none.
     */
    @Nullable Topic cached(String name);

    /** As {@link #cached(String)}, by id. */
    @Nullable Topic cached(TopicId id);

    /** All topics as this gateway last saw them. */
    List<Topic> cached();
}
