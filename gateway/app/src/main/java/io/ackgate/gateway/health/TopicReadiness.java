package io.ackgate.gateway.health;

import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.stream.IntStream;

/** Waits until a new topic can be used, so that whoever made it need not try again and again. */
@Singleton
public class TopicReadiness {
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final int MOST_PAUSES = 400;

    private final Topics topics;
    private final ServedPartitions served;

    TopicReadiness(Topics topics, ServedPartitions served) {
        this.topics = topics;
        this.served = served;
    }

    /**
     * The topic again, once this gateway knows it and serves all of its partitions; or after two
     * seconds, when something is in the way of that.
     */
    public Uni<Topic> await(Topic topic) {
        return Uni.createFrom()
                .item(() -> isUsable(topic))
                .repeat()
                .withDelay(PAUSE)
                .until(usable -> usable)
                .select()
                .first(MOST_PAUSES)
                .collect()
                .last()
                .replaceWith(topic);
    }

    private boolean isUsable(Topic topic) {
        return topics.cached(topic.id()) != null
                && IntStream.range(0, topic.partitions())
                        .allMatch(p -> served.contains(topic.partition(p)));
    }
}
