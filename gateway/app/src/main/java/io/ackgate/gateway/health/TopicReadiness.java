package io.ackgate.gateway.health;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** Waits until a new topic can be used, so that whoever made it need not try again and again. */
@Singleton
public class TopicReadiness {
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final int MOST_PAUSES = 200;

    private final Topics topics;
    private final GatewayRuntime runtime;

    TopicReadiness(Topics topics, GatewayRuntime runtime) {
        this.topics = topics;
        this.runtime = runtime;
    }

    /**
     * The topic again, once this gateway knows it and serves all of its partitions, each with
     * enough replicas for acks=all; or after two seconds, when something is in the way of that.
     */
    public Uni<Topic> await(Topic topic) {
        AtomicInteger usable = new AtomicInteger();
        return Uni.createFrom()
                .completionStage(() -> usableUpTo(topic, usable.get()))
                .invoke(usable::set)
                .repeat()
                .withDelay(PAUSE)
                .until(upTo -> upTo == topic.partitions())
                .select()
                .first(MOST_PAUSES)
                .collect()
                .last()
                .replaceWith(topic);
    }

    /** Looks at the partitions from one on, and no further than to the first that is not usable. */
    private CompletionStage<Integer> usableUpTo(Topic topic, int first) {
        if (first == topic.partitions() || topics.cached(topic.id()) == null) {
            return CompletableFuture.completedStage(first);
        }
        return runtime.status(topic.partition(first))
                .thenComposeAsync(
                        status ->
                                isUsable(topic, status)
                                        ? usableUpTo(topic, first + 1)
                                        : CompletableFuture.completedStage(first));
    }

    private static boolean isUsable(Topic topic, PartitionStatus status) {
        PartitionState state = status.state();
        return state != null
                && status.phase() == PartitionStatus.Phase.SERVING
                && state.isr().size() >= topic.settings().minInsyncReplicas();
    }
}
