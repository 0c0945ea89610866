package io.ackgate.gateway.partition.reads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.reads.WaitingReads.Until;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reads that wait are taken when what they wait for is there, and not before. */
class ReachedReadsTest {
    private final WaitingReads waiting = new WaitingReads();

    private static PartitionInput.Fetch fetch(long token, long deadlineNanos) {
        return new PartitionInput.Fetch(token, 0, 1, 1, deadlineNanos);
    }

    @Test
    void one_that_waits_for_a_high_watermark_above_an_offset() {
        PartitionInput.Fetch one = fetch(1, 100);
        waiting.add(one, new Until.HighWatermark(5));
        assertEquals(List.of(), waiting.takeReached(4, 1_000));
        assertEquals(List.of(), waiting.takeReached(5, 1_000), "offset 5 is not committed yet");
        assertEquals(List.of(one), waiting.takeReached(6, 0));
        assertEquals(List.of(), waiting.takeReached(7, 0), "it waits no more");
        assertEquals(0, waiting.size());
    }

    @Test
    void one_that_waits_for_bytes() {
        PartitionInput.Fetch one = fetch(1, 100);
        waiting.add(one, new Until.CommittedBytes(50));
        assertEquals(List.of(), waiting.takeReached(1_000, 49));
        assertEquals(List.of(one), waiting.takeReached(0, 50));
    }

    @Test
    void one_that_waits_for_the_leader() {
        PartitionInput.Fetch one = fetch(1, 100);
        assertFalse(waiting.anyForLeader());
        waiting.add(one, WaitingReads.LEADER);
        assertTrue(waiting.anyForLeader());
        assertEquals(List.of(), waiting.takeReached(1_000, 1_000));
        assertEquals(List.of(one), waiting.takeForLeader());
        assertFalse(waiting.anyForLeader());
    }

    @Test
    void those_whose_time_is_up_the_first_one_first() {
        PartitionInput.Fetch late = fetch(1, 200);
        PartitionInput.Fetch early = fetch(2, 100);
        assertEquals(Long.MAX_VALUE, waiting.nextDeadline());
        waiting.add(late, new Until.HighWatermark(5));
        waiting.add(early, WaitingReads.LEADER);
        assertEquals(100, waiting.nextDeadline());
        assertEquals(List.of(), waiting.takeExpired(99));
        assertEquals(List.of(early), waiting.takeExpired(100));
        assertEquals(200, waiting.nextDeadline());
        assertEquals(List.of(late), waiting.takeExpired(300));
    }
}
