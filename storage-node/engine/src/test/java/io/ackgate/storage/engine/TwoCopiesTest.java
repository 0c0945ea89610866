package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.simulated.Chance;
import io.ackgate.storage.disk.simulated.SimulatedCrash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A batch stands in the segment and in the journal, and each may be what is left of it. */
class TwoCopiesTest {
    private static final int BATCHES = 12;

    private EngineDriver node;
    private List<String> all;

    /** More than one segment, synced as chance has it before a checkpoint. */
    @BeforeEach
    void written() throws Exception {
        node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        for (int i = 0; i < BATCHES; i++) {
            node.append(i, 1, "batch-" + i + "-" + "v".repeat(300));
        }
        all = node.read(P0, 1, 0);
        for (String path : node.disk.files()) {
            if (path.startsWith("partitions/") && path.endsWith(".log")) {
                try (DiskFile file = node.disk.open(path)) {
                    file.sync();
                }
                node.disk.syncDirectory(path.substring(0, path.lastIndexOf('/')));
            }
        }
        node.disk.closeHandles();
    }

    private void flip(String directory, int batch) throws Exception {
        for (String path : node.disk.files()) {
            String text = new String(node.disk.content(path), StandardCharsets.ISO_8859_1);
            int at = text.indexOf("batch-" + batch + "-");
            if (path.startsWith(directory) && at > 0) {
                node.disk.flipBit(path, 8L * at);
            }
        }
    }

    private void requireAll(String where) throws Exception {
        node = node.reopen("boot-2");
        assertEquals(List.of(), node.engine.notes(), where);
        node.fence(2);
        node.reconcile(P0, 2, Incarnation.of(1, 1), BATCHES);
        assertEquals(all, node.read(P0, 2, 0), where);
    }

    @Test
    void each_batch_is_taken_from_where_it_is_whole() throws Exception {
        for (int torn = 0; torn < BATCHES; torn++) {
            for (int rotten = 0; rotten < BATCHES; rotten++) {
                if (torn != rotten) {
                    written();
                    flip("partitions/", torn);
                    flip("journal/", rotten);
                    requireAll(torn + " is torn, and " + rotten + " rotten in the journal");
                }
            }
        }
    }

    @Test
    void and_no_stop_on_the_way_costs_the_only_copy() throws Exception {
        boolean ended = false;
        for (int stop = 1; !ended; stop++) {
            written();
            flip("partitions/", 3);
            flip("journal/", 7);
            node.disk.crashAt(node.disk.operations() + stop);
            try {
                node.reopen("boot-2");
                ended = true;
            } catch (SimulatedCrash crash) {
                node.disk.losePower(Chance.of(new Random(stop)), 0.5);
                requireAll("stopped at " + stop);
            }
        }
    }

    @Test
    void one_that_is_nowhere_whole_costs_the_others_nothing() throws Exception {
        flip("partitions/", 3);
        flip("partitions/", 7);
        flip("journal/", 7);
        List<String> files = node.disk.files();
        byte[] last = node.disk.content(lastSegment());
        node = node.reopen("boot-2");
        assertEquals(
                StorageAnswer.Fault.CORRUPT,
                assertInstanceOf(StorageAnswer.Faulty.class, node.fence(2)).fault());
        assertTrue(node.disk.files().containsAll(files.stream().filter(this::ofTheLog).toList()));
        assertArrayEquals(last, node.disk.content(lastSegment()));
    }

    /** What cannot be entered any more may not be taken for the log's by a later start. */
    @Test
    void a_segment_over_which_another_was_written_goes() throws Exception {
        List<String> segments = node.disk.files().stream().filter(this::ofTheLog).toList();
        String stale = segments.getLast();
        try (DiskFile file = node.disk.open(segments.get(segments.size() - 2))) {
            file.write(ByteBuffer.wrap(new byte[100]), file.size());
        }
        try (DiskFile file = node.disk.open(stale)) {
            file.truncate(0);
        }
        requireAll("the journal has it");
        assertFalse(node.disk.files().contains(stale), stale + " of " + node.disk.files());
    }

    private boolean ofTheLog(String path) {
        return path.startsWith("partitions/") && path.endsWith(".log");
    }

    private String lastSegment() {
        return node.disk.files().stream().filter(this::ofTheLog).toList().getLast();
    }
}
