package io.ackgate.gateway.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.TopicSettings;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.TopicId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which topics have series of their own. */
class TopicSeriesTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final TopicSeries series = new TopicSeries(registry);

    private static Topic topic(int id, String name) {
        return new Topic(
                name,
                new TopicId(1, id),
                1,
                List.of(List.of(new NodeId(1))),
                Map.of(),
                TopicSettings.resolve(1, Map.of()),
                0);
    }

    private void acknowledge(Topic topic) {
        series.of(topic).acknowledged(Acks.ALL, 3, 100, 1_000_000);
    }

    /** What is counted under this label; -1 if there is no such series. */
    private double count(String name, String label) {
        Counter counter = registry.find(name).tag("topic", label).counter();
        return counter == null ? -1 : counter.count();
    }

    private double records(String label) {
        return count("ackgate.produce.records", label);
    }

    @Test
    void records_and_bytes_are_counted_both_ways() {
        Topic topic = topic(1, "t");
        acknowledge(topic);
        series.of(topic).given(7, 5_000_000_000L);
        assertEquals(3, records("t"));
        assertEquals(100, count("ackgate.produce.bytes", "t"));
        assertEquals(7, count("ackgate.consume.records", "t"));
        assertEquals(5e9, count("ackgate.consume.bytes", "t"));
        assertEquals(
                1,
                registry.get("ackgate.produce").tags("topic", "t", "acks", "all").timer().count());
    }

    @Test
    void nothing_is_built_for_a_topic_that_has_its_series() {
        Topic topic = topic(1, "t");
        TopicMeters first = series.of(topic);
        int meters = registry.getMeters().size();
        assertSame(first, series.of(topic));
        assertEquals(meters, registry.getMeters().size());
    }

    @Test
    void topics_beyond_the_bound_share_a_series_until_another_is_deleted() {
        List<Topic> live = new ArrayList<>();
        for (int i = 0; i < TopicSeries.MAX_TOPICS; i++) {
            live.add(topic(i, "t" + i));
            acknowledge(live.getLast());
        }
        Topic late = topic(1_000, "late");
        live.add(late);
        acknowledge(late);
        assertEquals(-1, records("late"));
        assertEquals(3, records(TopicSeries.OTHERS));

        live.removeFirst();
        series.keepOnly(live);
        assertEquals(-1, records("t0"));
        assertEquals(3, records("t1"));
        acknowledge(late);
        assertEquals(3, records("late"));
        assertEquals(3, records(TopicSeries.OTHERS));
    }

    @Test
    void a_topic_created_anew_goes_on_with_the_series_of_its_name() {
        Topic old = topic(1, "t");
        acknowledge(old);
        Topic anew = topic(2, "t");
        acknowledge(anew);
        series.keepOnly(List.of(anew));
        acknowledge(anew);
        assertEquals(9, records("t"));
        series.keepOnly(List.of());
        assertEquals(-1, records("t"));
    }

    @Test
    void all_series_of_a_deleted_topic_end() {
        int before = registry.getMeters().size();
        acknowledge(topic(1, "t"));
        series.keepOnly(List.of());
        assertEquals(before, registry.getMeters().size());
    }
}
