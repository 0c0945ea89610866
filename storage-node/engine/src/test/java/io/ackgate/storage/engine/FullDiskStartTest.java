package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.DiskFullException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A node that is started while its disk is full: it serves what it has, and lets space be freed.
 */
class FullDiskStartTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);

    private EngineDriver node;

    @BeforeEach
    void a_log_of_many_segments() throws Exception {
        node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        for (int i = 0; i < 20; i++) {
            node.append(i, 1, "x".repeat(900));
        }
        node.tick(6_000);
        node.tick(60);
    }

    @Test
    void it_starts_reads_and_fences_and_appends_again_when_there_is_space() throws Exception {
        List<String> all = node.read(P0, 1, 0);
        node.disk.space(0);
        node.disk.closeHandles();
        node = node.reopen("boot-1");
        assertEquals(List.of(), node.engine.notes());
        assertInstanceOf(StorageAnswer.Fenced.class, node.fence(2));
        node.reconcile(P0, 2, FIRST, 20);
        assertEquals(all, node.read(P0, 2, 0));
        node.disk.space(Long.MAX_VALUE);
        node.tick(61_000);
        assertEquals(
                new StorageAnswer.Appended(P0, 2, FIRST, 21), node.append(20, 2, "x".repeat(900)));
        assertTrue(node.disk.files().contains("reserve"), "the reserve is made anew");
    }

    @Test
    void a_reserve_that_was_not_finished_is_made_anew() throws Exception {
        int whole = node.disk.content("reserve").length;
        try (DiskFile file = node.disk.open("reserve")) {
            file.truncate(whole - 1);
        }
        node.disk.closeHandles();
        node = node.reopen("boot-1");
        node.settle();
        assertEquals(whole, node.disk.content("reserve").length);
    }

    @Test
    void what_there_is_of_a_reserve_stays_where_the_disk_has_no_space_for_the_rest()
            throws Exception {
        int part = 1 << 20;
        EngineSettings small = EngineSettings.SMALL;
        node =
                new EngineDriver(
                        new EngineSettings(
                                small.journal(),
                                small.checkpointJournalBytes(),
                                small.checkpointBatches(),
                                small.checkpointIntervalMillis(),
                                small.maxFrameBytes(),
                                small.highWatermarkIntervalMillis(),
                                small.retentionIntervalMillis(),
                                small.indexIntervalBytes(),
                                3 * part,
                                small.scrub()));
        node.settle();
        assertEquals(3 * part, node.disk.content("reserve").length);
        try (DiskFile file = node.disk.open("reserve")) {
            file.truncate(part);
        }
        node.disk.space(part + part / 2);
        node.tick(61_000);
        assertEquals(part, node.disk.content("reserve").length);
        node.disk.space(Long.MAX_VALUE);
        node.tick(61_000);
        assertEquals(3 * part, node.disk.content("reserve").length);
    }

    private List<String> journalFiles() {
        return node.disk.files().stream().filter(path -> path.startsWith("journal/")).toList();
    }

    @Test
    void starts_that_fail_otherwise_take_none_either() throws Exception {
        List<String> all = node.read(P0, 1, 0);
        node.disk.closeHandles();
        List<String> before = journalFiles();
        node.disk.failSyncs("checkpoint");
        for (int i = 0; i < 5; i++) {
            assertThrows(IOException.class, () -> node.reopen("boot-1"));
            assertEquals(before, journalFiles());
        }
        node.disk.failSyncs(null);
        node = node.reopen("boot-1");
        node.fence(2);
        node.reconcile(P0, 2, FIRST, 20);
        assertEquals(all, node.read(P0, 2, 0));
    }

    /** The new checkpoint has its name, and counts on the new files. */
    @Test
    void a_start_that_fails_behind_its_checkpoint_keeps_its_journal() throws Exception {
        List<String> all = node.read(P0, 1, 0);
        int epoch = 2;
        boolean started = false;
        for (int syncs = 0; !started; syncs++) {
            node.disk.closeHandles();
            node.disk.failOneSyncAfter(syncs);
            try {
                node = node.reopen("boot-1");
                started = true;
            } catch (IOException expected) {
                node.disk.failOneSyncAfter(Long.MAX_VALUE);
                node = node.reopen("boot-1");
            }
            node.disk.failOneSyncAfter(Long.MAX_VALUE);
            assertEquals(List.of(), node.engine.notes(), "after " + syncs + " syncs");
            node.fence(epoch);
            node.reconcile(P0, epoch, FIRST, 20);
            assertEquals(all, node.read(P0, epoch++, 0), "after " + syncs + " syncs");
        }
        assertTrue(epoch > 8, "a start syncs more than " + epoch + " times");
    }

    @Test
    void starts_that_fail_take_no_space() throws Exception {
        node.disk.delete("reserve");
        node.close();
        node.disk.closeHandles();
        for (String path : node.disk.files()) {
            // Nothing is left that a start could do without.
            if (path.startsWith("journal/")) {
                node.disk.delete(path);
            }
        }
        node.disk.space(100);
        for (int i = 0; i < 5; i++) {
            assertThrows(DiskFullException.class, () -> node.reopen("boot-1"));
        }
        List<String> journal =
                node.disk.files().stream().filter(path -> path.startsWith("journal/")).toList();
        assertEquals(List.of(), journal);
    }
}
