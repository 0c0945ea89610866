package io.ackgate.client.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.client.wire.Backoff;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is spread at random: records without keys over partitions, retries over time. */
class SpreadingTest {
    @Test
    void records_without_keys_stay_for_a_batch_and_then_move() {
        StickyPartition sticky = new StickyPartition(1_000, new SplittableRandom(3));
        int[] records = new int[4];
        int previous = -1;
        for (int stretch = 0; stretch < 1_000; stretch++) {
            int partition = sticky.choose(4, 100);
            assertNotEquals(previous, partition);
            for (int i = 1; i < 10; i++) {
                assertEquals(partition, sticky.choose(4, 100));
            }
            records[partition]++;
            previous = partition;
        }
        for (int count : records) {
            assertTrue(count > 200, "uneven: " + count);
        }
        assertEquals(0, sticky.choose(1, 1_000));
        assertEquals(0, sticky.choose(1, 1_000));
    }

    @Test
    void waits_double_up_to_a_maximum_give_or_take_a_fifth() {
        Backoff backoff =
                new Backoff(
                        Duration.ofMillis(100), Duration.ofMillis(1_000), new SplittableRandom(3));
        long[] middle = {100, 200, 400, 800, 1_000, 1_000};
        for (int failures = 1; failures <= middle.length; failures++) {
            for (int i = 0; i < 100; i++) {
                double millis = backoff.nanosAfter(failures) / 1e6;
                double expected = middle[failures - 1];
                assertTrue(
                        millis >= 0.8 * expected && millis <= 1.2 * expected,
                        failures + " failures: " + millis);
            }
        }
        assertFalse(backoff.nanosAfter(1) == backoff.nanosAfter(1));
        assertTrue(backoff.nanosAfter(Integer.MAX_VALUE) > 0);
    }
}
