package io.ackgate.storage.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What it costs to remember producers. */
class ProducerMemoryTest {
    private static final int PARTITIONS = 100;
    private static final int PRODUCERS_EACH = 3_000;

    /** With one batch; each of the four batches that may follow adds some 50. */
    private static final int MOST_BYTES_EACH = 400;

    @Test
    void three_hundred_thousand_producers_over_a_hundred_partitions() {
        List<ProducerTable> tables = Stream.generate(ProducerTable::new).limit(PARTITIONS).toList();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (ProducerTable table : tables) {
            for (int id = 0; id < PRODUCERS_EACH; id++) {
                table.appended(id, (short) 0, 0, 1, id, id, 7);
            }
        }
        // What was allocated is at least what is kept.
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        long each = bytes / (PARTITIONS * PRODUCERS_EACH);
        assertTrue(each < MOST_BYTES_EACH, each + " bytes for each producer");
        assertEquals(PRODUCERS_EACH, tables.getLast().size());
    }
}
