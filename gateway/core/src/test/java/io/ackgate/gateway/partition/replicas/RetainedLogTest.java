package io.ackgate.gateway.partition.replicas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.partition.InvariantBrokenException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The tail of the log in memory. */
class RetainedLogTest {
    private final RetainedLog log = new RetainedLog(0);

    private void add(int offsets, int bytes) {
        log.add(new RetainedLog.Entry(log.end(), log.end() + offsets, ByteBuffer.allocate(bytes)));
    }

    @Test
    void how_many_offsets_some_bytes_hold_is_told_by_what_was_added_lately() {
        assertEquals(Long.MAX_VALUE, log.offsetsIn(1_000));
        add(10, 1_000);
        assertEquals(10, log.offsetsIn(1_000));
        for (int i = 0; i < 10_000; i++) {
            add(1, 1_000);
        }
        for (int i = 0; i < 10_000; i++) {
            add(10, 1_000);
        }
        assertEquals(10, log.offsetsIn(1_010), "what was before is forgotten");
    }

    @Test
    void batches_follow_each_other_without_a_gap() {
        add(10, 100);
        assertThrows(
                InvariantBrokenException.class,
                () -> log.add(new RetainedLog.Entry(11, 12, ByteBuffer.allocate(1))));
    }

    @Test
    void each_batch_is_found_after_the_ring_has_grown_and_gone_round() {
        for (int i = 0; i < 50; i++) {
            add(2, 10);
        }
        log.releaseTo(40);
        assertEquals(40, log.start());
        for (int i = 0; i < 200; i++) {
            add(2, 10);
        }
        for (long offset = 40; offset < log.end(); offset += 2) {
            assertEquals(offset, log.at(offset).baseOffset());
            assertEquals(offset * 5, log.bytesBefore(offset));
        }
        assertEquals((log.end() - log.start()) * 5, log.bytes());
        assertTrue(log.end() == 500);
    }
}
