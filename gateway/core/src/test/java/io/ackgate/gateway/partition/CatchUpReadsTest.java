package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.gateway.partition.replicas.CatchUpReads;
import org.junit.jupiter.api.Test;

/** Reads grow only where small ones do not bring a replica nearer to the end of the log. */
class CatchUpReadsTest {
    private final CatchUpReads reads = new CatchUpReads();
    private long offset;
    private long logEnd = 100_000;

    /** Reads of 10 offsets, while so many are appended during each; what the last one asks for. */
    private int after(int count, long appended) {
        int asked = 0;
        for (int i = 0; i < count; i++) {
            asked = reads.next(offset, logEnd, 100);
            offset += 10;
            logEnd += appended;
        }
        return asked;
    }

    @Test
    void reads_stay_small_while_the_replica_gains_on_the_log() {
        assertEquals(100, after(100, 5));
    }

    @Test
    void reads_grow_while_it_hardly_gains() {
        assertEquals(100, after(4, 6));
        assertEquals(200, after(1, 6));
        assertEquals(200, after(3, 6));
        assertEquals(400, after(1, 6));
        assertEquals(1_600, after(100, 6));
    }

    @Test
    void reads_that_bring_nothing_do_not_grow() {
        for (int i = 0; i < 100; i++) {
            assertEquals(100, reads.next(offset, logEnd++, 100));
        }
    }

    @Test
    void reads_are_small_again_once_the_replica_is_served_from_memory() {
        after(100, 10);
        reads.reset();
        assertEquals(100, after(4, 10));
        assertEquals(200, after(1, 10));
    }

    @Test
    void what_the_next_read_brings_is_told_by_the_last_one() {
        assertEquals(7, reads.reach(100, 7));
        reads.brought(20, 1_000);
        assertEquals(20, reads.reach(100, 7), "the last one was large");
        reads.brought(20, 50);
        assertEquals(40, reads.reach(100, 7), "the last one was cut short");
        reads.brought(0, 0);
        assertEquals(40, reads.reach(100, 7), "it says nothing");
    }
}
