package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.partition.reads.AskedReads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reads that the leader was asked for are known by its answer and by their caller. */
class AskedReadsTest {
    private static final long SECOND = 1_000_000_000L;

    private final AskedReads asked = new AskedReads();

    private void ask(long requestId, long token) {
        asked.add(requestId, new PartitionInput.Fetch(token, 0, 1, 1, 0), 7, 8, requestId);
    }

    @Test
    void who_is_cancelled_is_not_answered_and_nobody_else_is_touched() {
        ask(1, 101);
        ask(2, 102);
        ask(3, 103);
        assertTrue(asked.cancel(102));
        assertFalse(asked.cancel(102));
        assertNull(asked.remove(2));
        assertNotNull(asked.remove(1));
        assertFalse(asked.cancel(101), "it was answered");
        assertEquals(103, asked.takeAll().getFirst().token());
        assertFalse(asked.cancel(103), "it waits elsewhere");
        assertEquals(Long.MAX_VALUE, asked.nextDue());
    }

    @Test
    void who_is_given_up_is_known_no_more() {
        ask(1, 101);
        ask(2, 102);
        assertEquals(1, asked.takeGivenUp(30 * SECOND + 1).size());
        assertFalse(asked.cancel(101));
        assertEquals(30 * SECOND + 2, asked.nextDue());
        assertTrue(asked.cancel(102));
        assertEquals(0, asked.takeGivenUp(60 * SECOND).size());
    }

    /** Whoever looks through all of them for each takes twenty billion steps. */
    @Test
    @Timeout(30)
    void many_that_give_up_at_once_keep_their_thread_for_no_time() {
        int many = 200_000;
        for (int i = 1; i <= many; i++) {
            ask(i, -i);
        }
        for (int i = many; i >= 1; i--) {
            assertTrue(asked.cancel(-i));
        }
    }
}
