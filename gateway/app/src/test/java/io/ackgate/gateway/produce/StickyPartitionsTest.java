package io.ackgate.gateway.produce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.topic.Topic;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StickyPartitionsTest {
    private final Topic topic = new KnownTopics().add("t", 4, Map.of());

    @Test
    void it_sticks_until_the_partition_has_had_its_share_and_then_changes() {
        StickyPartitions sticky = new StickyPartitions(p -> true);
        int first = sticky.choose(topic, 1);
        assertEquals(first, sticky.choose(topic, StickyPartitions.STICK_BYTES));
        assertNotEquals(first, sticky.choose(topic, 1));
    }

    @Test
    void every_partition_has_its_turn() {
        StickyPartitions sticky = new StickyPartitions(p -> true);
        Set<Integer> chosen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            chosen.add(sticky.choose(topic, StickyPartitions.STICK_BYTES));
        }
        assertEquals(Set.of(0, 1, 2, 3), chosen);
    }

    @Test
    void partitions_that_are_not_served_are_passed_over() {
        Set<Integer> down = new HashSet<>();
        StickyPartitions sticky = new StickyPartitions(p -> !down.contains(p.partition()));
        int first = sticky.choose(topic, 1);
        down.addAll(Set.of(0, 1, 2, 3));
        down.remove((first + 1) % 4);
        for (int i = 0; i < 50; i++) {
            assertEquals((first + 1) % 4, sticky.choose(topic, StickyPartitions.STICK_BYTES));
        }
    }

    @Test
    void with_nothing_served_some_partition_is_named_all_the_same() {
        StickyPartitions sticky = new StickyPartitions(p -> false);
        for (int i = 0; i < 50; i++) {
            int chosen = sticky.choose(topic, 1);
            assertTrue(chosen >= 0 && chosen < 4);
        }
    }
}
