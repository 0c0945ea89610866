package io.ackgate.gateway.metrics;

import io.ackgate.gateway.offsets.CommittedOffsets.Position;
import io.ackgate.gateway.offsets.ConsumerGroups;
import io.ackgate.gateway.offsets.ConsumerGroups.Group;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.storage.api.PartitionId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far each consumer group is behind in each partition: the high watermark less the offset that
 * is committed. A scrape shows what the last round has found, and waits for nothing.
 */
@Singleton
class GroupLag {
    /** Partitions of groups beyond this share one series, until one of these is gone. */
    static final int MAX_SERIES = 1_000;

    /** Groups that are asked for at a time, so that commits need not wait for a whole round. */
    private static final int PAGE = 100;

    /**
     * A round with 100,000 committed offsets comes every 5 s, so that an idle gateway stays one.
     */
    private static final long PAUSE_NANOS_PER_POSITION = 50_000;

    private final MeterRegistry registry;
    private final ConsumerGroups groups;
    private final Topics topics;

    /** At most {@link #MAX_SERIES}; guarded by this, as is all below. */
    private final Map<Key, Series> series = new HashMap<>();

    private final Series others;
    private long roundAtNanos = System.nanoTime();
    private volatile int groupCount;

    /** What a series is of, by names: a topic that was created anew goes on with it. */
    private record Key(String group, String topic, int partition) {}

    /** What one gauge shows. */
    private static final class Series {
        private volatile double lag;
        private final Gauge gauge;

        Series(MeterRegistry registry, String group, String topic, String partition) {
            gauge =
                    Gauge.builder("ackgate.group.lag.records", this, self -> self.lag)
                            .description(
                                    "Records that a group has not committed, of one partition; NaN"
                                            + " while its high watermark is not known")
                            .tag("group", group)
                            .tag("topic", topic)
                            .tag("partition", partition)
                            .register(registry);
        }
    }

    GroupLag(MeterRegistry registry, ConsumerGroups groups, Topics topics) {
        this.registry = registry;
        this.groups = groups;
        this.topics = topics;
        this.others =
                new Series(registry, TopicSeries.OTHERS, TopicSeries.OTHERS, TopicSeries.OTHERS);
        Gauge.builder("ackgate.groups", this, self -> self.groupCount)
                .description("Consumer groups that have committed offsets")
                .register(registry);
    }

    /** Looks at every group, unless that was done a moment ago. */
    synchronized void refresh(Map<PartitionId, PartitionStatus> statuses) {
        if (System.nanoTime() - roundAtNanos >= 0) {
            look(statuses);
        }
    }

    /**
     * Looks at every group.
     *
     * @param statuses of the partitions of this gateway
     */
    synchronized void look(Map<PartitionId, PartitionStatus> statuses) {
        long positions = new Round(statuses).run();
        roundAtNanos = System.nanoTime() + positions * PAUSE_NANOS_PER_POSITION;
    }

    /** One look at every group. */
    private final class Round {
        private final Map<PartitionId, PartitionStatus> statuses;
        private final Set<Key> seen = new HashSet<>();
        private double mostOfOthers;
        private long positions;

        Round(Map<PartitionId, PartitionStatus> statuses) {
            this.statuses = statuses;
        }

        /** Gives how many committed offsets there are. */
        long run() {
            int count = 0;
            List<Group> page = groups.list("", PAGE);
            while (!page.isEmpty()) {
                count += page.size();
                page.forEach(this::look);
                page = groups.list(page.getLast().name(), PAGE);
            }
            groupCount = count;
            others.lag = mostOfOthers;
            endUnseen();
            return positions;
        }

        private void look(Group group) {
            groups.positions(group.name())
                    .forEach((partition, position) -> look(group.name(), partition, position));
        }

        private void look(String group, PartitionId partition, Position position) {
            positions++;
            Topic topic = topics.cached(partition.topic());
            if (topic == null) {
                return;
            }
            double lag = lag(statuses.get(partition), position);
            Key key = new Key(group, topic.name(), partition.partition());
            Series its = series.get(key);
            if (its == null && series.size() < MAX_SERIES) {
                its = new Series(registry, group, topic.name(), Integer.toString(key.partition()));
                series.put(key, its);
            }
            if (its == null) {
                // NaN counts for nothing here.
                mostOfOthers = lag > mostOfOthers ? lag : mostOfOthers;
            } else {
                its.lag = lag;
                seen.add(key);
            }
        }

        private void endUnseen() {
            series.entrySet()
                    .removeIf(
                            entry -> {
                                boolean gone = !seen.contains(entry.getKey());
                                if (gone) {
                                    registry.remove(entry.getValue().gauge);
                                }
                                return gone;
                            });
        }
    }

    private static double lag(@Nullable PartitionStatus status, Position position) {
        return status == null || status.highWatermark() < 0
                ? Double.NaN
                : Math.max(0, status.highWatermark() - position.offset());
    }
}
