package io.ackgate.gateway.health;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.storage.api.PartitionId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;

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
        return Uni.createFrom()
                .completionStage(runtime::statuses)
                .map(statuses -> isUsable(topic, statuses))
                .repeat()
                .withDelay(PAUSE)
                .until(usable -> usable)
                .select()
                .first(MOST_PAUSES)
                .collect()
                .last()
                .replaceWith(topic);
    }

    private boolean isUsable(Topic topic, Map<PartitionId, PartitionStatus> statuses) {
        if (topics.cached(topic.id()) == null) {
            return false;
        }
        for (int p = 0; p < topic.partitions(); p++) {
            PartitionStatus status = statuses.get(topic.partition(p));
            PartitionState state = status == null ? null : status.state();
            if (status == null
                    || state == null
                    || status.phase() != PartitionStatus.Phase.SERVING
                    || state.isr().size() < topic.settings().minInsyncReplicas()) {
                return false;
            }
        }
        return true;
    }
}
