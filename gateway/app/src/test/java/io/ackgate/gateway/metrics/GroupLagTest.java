package io.ackgate.gateway.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ackgate.gateway.offsets.CommittedOffsets.Position;
import io.ackgate.gateway.offsets.ConsumerGroups;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.produce.KnownTopics;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is shown of the lag of groups. */
class GroupLagTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final KnownTopics topics = new KnownTopics();
    private final Topic topic = topics.add("orders", 2_000, Map.of());
    private final KnownGroups groups = new KnownGroups();
    private final Map<PartitionId, PartitionStatus> statuses = new HashMap<>();

    /** Groups that have simply committed. */
    private static final class KnownGroups implements ConsumerGroups {
        private final NavigableMap<String, Map<PartitionId, Position>> all = new TreeMap<>();

        void commit(String group, PartitionId partition, long offset) {
            all.computeIfAbsent(group, g -> new HashMap<>())
                    .put(partition, new Position(offset, 1, "", 0));
        }

        @Override
        public List<Group> list(String after, int most) {
            return all.tailMap(after, false).entrySet().stream()
                    .limit(most)
                    .map(entry -> new Group(entry.getKey(), entry.getValue().size(), 0))
                    .toList();
        }

        @Override
        public Map<PartitionId, Position> positions(String group) {
            return Map.copyOf(all.getOrDefault(group, Map.of()));
        }

        @Override
        public CompletionStage<Boolean> delete(String group) {
            return CompletableFuture.completedStage(all.remove(group) != null);
        }
    }

    private void highWatermark(int partition, long offset) {
        statuses.put(
                topic.partition(partition),
                new PartitionStatus(
                        PartitionStatus.Phase.SERVING,
                        null,
                        offset,
                        offset,
                        offset,
                        0,
                        List.of(),
                        List.of()));
    }

    /** Lag that is shown; null if there is no such series. */
    private @Nullable Double lag(String group, String partition) {
        Gauge gauge =
                registry.find("ackgate.group.lag.records")
                        .tags("group", group, "partition", partition)
                        .gauge();
        return gauge == null ? null : gauge.value();
    }

    private int series() {
        return registry.find("ackgate.group.lag.records").gauges().size();
    }

    /** A round that is due, whatever was looked at before. */
    private GroupLag round(GroupLag lag) {
        lag.look(statuses);
        return lag;
    }

    private GroupLag round() {
        return round(new GroupLag(registry, groups, topics));
    }

    @Test
    void lag_is_the_high_watermark_less_what_is_committed() {
        highWatermark(0, 100);
        highWatermark(1, 50);
        groups.commit("g", topic.partition(0), 70);
        groups.commit("g", topic.partition(1), 50);
        groups.commit("h", topic.partition(0), 0);
        round();
        assertEquals(30, lag("g", "0"));
        assertEquals(0, lag("g", "1"));
        assertEquals(100, lag("h", "0"));
        assertEquals(2, registry.get("ackgate.groups").gauge().value());
        assertEquals(
                "orders",
                registry.get("ackgate.group.lag.records")
                        .tag("group", "h")
                        .gauge()
                        .getId()
                        .getTag("topic"));
    }

    @Test
    void the_lag_of_a_partition_without_a_high_watermark_is_not_known() {
        groups.commit("g", topic.partition(0), 70);
        GroupLag lag = round();
        assertEquals(Double.NaN, lag("g", "0"));
        highWatermark(0, 100);
        round(lag);
        assertEquals(30, lag("g", "0"));
    }

    @Test
    void series_of_a_group_that_is_gone_end() {
        highWatermark(0, 100);
        groups.commit("g", topic.partition(0), 70);
        groups.commit("h", topic.partition(0), 70);
        GroupLag lag = round();
        groups.all.remove("g");
        round(lag);
        assertNull(lag("g", "0"));
        assertEquals(30, lag("h", "0"));
        assertEquals(1, registry.get("ackgate.groups").gauge().value());
    }

    @Test
    void a_topic_that_is_deleted_has_no_lag_and_one_created_anew_has_its_own() {
        PartitionId old = new PartitionId(new TopicId(9, 9), 0);
        groups.commit("g", old, 1_000);
        GroupLag lag = round();
        assertNull(lag("g", "0"));
        highWatermark(0, 100);
        groups.commit("g", topic.partition(0), 70);
        round(lag);
        assertEquals(30, lag("g", "0"));
    }

    @Test
    void what_is_beyond_the_bound_shares_a_series_that_shows_the_most() {
        for (int p = 0; p < GroupLag.MAX_SERIES; p++) {
            groups.commit("first", topic.partition(p), 0);
        }
        GroupLag lag = round();
        groups.commit("second", topic.partition(0), 40);
        groups.commit("second", topic.partition(1), 0);
        groups.commit("second", topic.partition(2), 0);
        highWatermark(0, 50);
        highWatermark(1, 20);
        round(lag);
        assertEquals(GroupLag.MAX_SERIES + 1, series());
        assertNull(lag("second", "0"));
        assertEquals(20, lag(TopicSeries.OTHERS, TopicSeries.OTHERS));

        groups.all.remove("first");
        // The places that are given back in one round are taken in the next.
        round(lag);
        round(lag);
        assertEquals(10, lag("second", "0"));
        assertEquals(0, lag(TopicSeries.OTHERS, TopicSeries.OTHERS));
        assertEquals(4, series());
    }

    @Test
    void many_groups_are_asked_for_in_pages() {
        highWatermark(0, 10);
        for (int g = 0; g < 250; g++) {
            groups.commit("g%03d".formatted(g), topic.partition(0), 1);
        }
        round();
        assertEquals(251, series());
        assertEquals(9, lag("g249", "0"));
    }

    @Test
    void a_round_is_not_repeated_at_once() {
        groups.commit("g", topic.partition(0), 70);
        GroupLag lag = new GroupLag(registry, groups, topics);
        lag.refresh(statuses);
        for (int p = 0; p < 2_000; p++) {
            groups.commit("g", topic.partition(p), 70);
        }
        highWatermark(0, 100);
        round(lag);
        highWatermark(0, 200);
        lag.refresh(statuses);
        assertEquals(30, lag("g", "0"));
    }
}
