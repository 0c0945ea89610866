package io.ackgate.gateway.produce;

import io.ackgate.gateway.topic.Topic;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where records without a key go: to one partition until it has had {@link #STICK_BYTES}, then to
 * another, as Kafka's uniform sticky partitioner does (KIP-794). Partitions that are not served are
 * passed over while others are. Any thread.
 */
final class StickyPartitions {
    /** Some batches of Kafka's default size. */
    static final int STICK_BYTES = 64 << 10;

    /** Topics beyond this are not remembered, so that deleted ones do not pile up. */
    private static final int MAX_TOPICS = 10_000;

    private record Choice(int partition, int bytes) {}

    private final ConcurrentHashMap<TopicId, Choice> choices = new ConcurrentHashMap<>();
    private final Predicate<PartitionId> served;

    StickyPartitions(Predicate<PartitionId> served) {
        this.served = served;
    }

    /** The partition for a request of so many bytes. */
    int choose(Topic topic, int bytes) {
        if (topic.partitions() == 1) {
            return 0;
        }
        if (choices.size() >= MAX_TOPICS) {
            choices.clear();
        }
        Choice now =
                choices.compute(
                        topic.id(),
                        (id, last) ->
                                last != null
                                                && last.bytes < STICK_BYTES
                                                && served.test(topic.partition(last.partition))
                                        ? new Choice(last.partition, last.bytes + bytes)
                                        : new Choice(another(topic, last), bytes));
        return now.partition;
    }

    /** Another one than the last, a served one if there is one; the last again if it is alone. */
    private int another(Topic topic, @Nullable Choice last) {
        int partitions = topic.partitions();
        int start = ThreadLocalRandom.current().nextInt(partitions);
        int fallback = start;
        for (int i = 0; i < partitions; i++) {
            int candidate = (start + i) % partitions;
            if (last != null && candidate == last.partition) {
                continue;
            }
            if (served.test(topic.partition(candidate))) {
                return candidate;
            }
            fallback = candidate;
        }
        return last != null && served.test(topic.partition(last.partition))
                ? last.partition
                : fallback;
    }
}
