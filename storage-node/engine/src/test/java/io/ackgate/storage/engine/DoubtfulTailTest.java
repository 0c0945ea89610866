package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.P1;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.disk.simulated.Chance;
import io.ackgate.storage.disk.simulated.DiskFaults.Operation;
import io.ackgate.storage.disk.simulated.SimulatedCrash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A log is in doubt, and the journal that holds what it has acknowledged is about to be void: other
 * replicas need not be there to have it.
 */
class DoubtfulTailTest extends DoubtfulLogs {
    @Test
    void a_checkpoint_keeps_what_a_segment_that_cannot_be_synced_has_acknowledged()
            throws Exception {
        aSegmentCannotBeSynced();
        checkpoint();
        assertTrue(node.engine.journalBytes() < 1_000, CHECKPOINTED);
        requireAllAfterPowerLoss("the segment has nothing of it");
    }

    @Test
    void so_it_does_after_a_write_that_failed() throws Exception {
        node.disk.failWrites(true);
        assertInstanceOf(StorageAnswer.Faulty.class, node.append(14, 1, "x"));
        node.disk.failWrites(false);
        checkpoint();
        assertTrue(node.engine.journalBytes() < 1_000, CHECKPOINTED);
        requireAllAfterPowerLoss("the segments were not synced any more");
    }

    @Test
    void so_it_does_after_a_sync_of_the_journal_that_failed() throws Exception {
        node.handle(SESSION, new StorageRequest.Append(P0, 1, Frames.of(P0, 14, 1, "lost"), 0));
        node.disk.failSyncs("journal/");
        node.settle();
        node.disk.failSyncs(null);
        assertInstanceOf(StorageAnswer.Faulty.class, node.fence(2));
        checkpoint();
        assertTrue(node.engine.journalBytes() < 1_000, CHECKPOINTED);
        requireAllAfterPowerLoss("the segments were not synced any more");
    }

    /** The checkpoint has noted the log as sound, and its segment cannot be synced after all. */
    @Test
    void a_log_that_fails_while_a_checkpoint_syncs_it_is_not_noted_as_sound() throws Exception {
        node.disk.failSyncs(lastSegment());
        node.now += 6_000;
        node.engine.tick(NodeTime.of(node.now), (to, answer) -> {});
        BackgroundWork flush = node.engine.beginBackgroundWork();
        assertNotNull(flush);
        node.disk.failWrites(true);
        node.handle(SESSION, new StorageRequest.Append(P0, 1, Frames.of(P0, 14, 1, "x"), 0));
        node.disk.failWrites(false);
        flush.run();
        node.engine.backgroundWorkDone(flush, node.now, (to, answer) -> {});
        checkpoint();
        assertTrue(node.engine.journalBytes() < 1_000, CHECKPOINTED);
        requireAllAfterPowerLoss("the segment has nothing of it");
    }

    @Test
    void so_does_a_stop_in_good_order() throws Exception {
        aSegmentCannotBeSynced();
        node.close();
        requireAllAfterPowerLoss("the next start finds no journal");
    }

    @Test
    void a_start_that_cannot_read_a_log_keeps_what_the_journal_has_of_it() throws Exception {
        node.disk.closeHandles();
        for (int i = 0; i < 3; i++) {
            node.disk.faults().fail(Operation.READ, "partitions/" + P0);
            node = node.reopen("boot-2");
            assertEquals(1, node.engine.notes().size());
            checkpoint();
            node.disk.faults().heal();
            node.disk.losePower(0);
        }
        node = node.reopen("boot-3");
        assertEquals(List.of(), node.engine.notes());
        assertEquals(acknowledged, held(P0));
        assertEquals(
                FIRST,
                assertInstanceOf(StorageAnswer.Fenced.class, node.fence(9)).incarnation(),
                "it was never in doubt");
    }

    @Test
    void wherever_power_goes_nothing_is_lost() throws Exception {
        aSegmentCannotBeSynced();
        long from = node.disk.operations();
        checkpoint();
        long to = node.disk.operations();
        assertTrue(to > from + 8, CHECKPOINTED);
        for (long stop = from + 1; stop <= to; stop++) {
            two_replicas();
            aSegmentCannotBeSynced();
            assertEquals(from, node.disk.operations());
            node.disk.crashAt(stop);
            try {
                checkpoint();
            } catch (SimulatedCrash crash) {
                // As it is meant to.
            }
            node.disk.failSyncs(null);
            node.disk.losePower(Chance.of(new Random(stop)), 0.5);
            requireAll("stopped at " + stop);
        }
    }

    @Test
    void a_start_that_is_killed_while_it_takes_the_copy_is_made_up_for() throws Exception {
        for (int stop = 1; stop < 60; stop++) {
            two_replicas();
            aSegmentCannotBeSynced();
            checkpoint();
            node.disk.failSyncs(null);
            node.disk.losePower(0);
            node.disk.crashAt(node.disk.operations() + stop);
            try {
                node.reopen("boot-2");
            } catch (SimulatedCrash crash) {
                // As it is meant to.
            }
            node.disk.losePower(Chance.of(new Random(stop)), 0.5);
            requireAll("stopped at " + stop);
        }
    }

    @Test
    void a_copy_that_is_damaged_costs_nothing_where_the_segments_are_whole() throws Exception {
        aSegmentCannotBeSynced();
        checkpoint();
        node.disk.failSyncs(null);
        node.disk.flipBit(paths(P0, ".tail").getFirst(), 5_000);
        node.disk.closeHandles();
        requireAll("the page cache has all of it");
    }

    private void flip(String path, int batch) throws Exception {
        String text = new String(node.disk.content(path), StandardCharsets.ISO_8859_1);
        int at = text.indexOf("a" + batch + "v");
        if (at > 0) {
            node.disk.flipBit(path, 8L * at);
        }
    }

    private void flipInSegments(int batch) throws Exception {
        for (String path : paths(P0, ".log")) {
            flip(path, batch);
        }
    }

    @Test
    void what_is_whole_of_a_copy_is_taken_and_the_rest_from_the_segments() throws Exception {
        for (int torn = 4; torn < 9; torn++) {
            two_replicas();
            aSegmentCannotBeSynced();
            checkpoint();
            node.disk.failSyncs(null);
            flip(paths(P0, ".tail").getFirst(), 9);
            flipInSegments(torn);
            node.disk.closeHandles();
            requireAll(torn + " is torn");
            assertTrue(node.engine.notes().stream().anyMatch(one -> one.contains("up to 9 ")));
        }
    }

    @Test
    void so_it_is_of_a_log_that_a_start_could_not_read() throws Exception {
        for (int torn : List.of(5, 14)) {
            two_replicas();
            append(14, 16);
            acknowledged = held(P0);
            node.disk.closeHandles();
            node.disk.faults().fail(Operation.READ, "partitions/" + P0);
            node = node.reopen("boot-2");
            flip(paths(P0, ".tail").getFirst(), 14);
            flipInSegments(torn);
            node.disk.closeHandles();
            node = node.reopen("boot-2");
            assertInstanceOf(StorageAnswer.Refused.class, node.fence(3), "it lasts");
            node.disk.faults().heal();
            node.disk.closeHandles();
            node = node.reopen("boot-2");
            if (torn == 5) {
                assertEquals(acknowledged, held(P0));
                assertInstanceOf(StorageAnswer.Fenced.class, node.fence(9));
            } else {
                assertInstanceOf(StorageAnswer.Faulty.class, node.fence(9), "14 is nowhere");
                assertEquals(1, paths(P0, ".tail").size(), "it is kept");
            }
        }
    }

    @Test
    void a_damaged_copy_is_kept_where_the_log_lacks_batches_of_it() throws Exception {
        append(14, 16);
        aSegmentCannotBeSynced();
        checkpoint();
        node.disk.failSyncs(null);
        flip(paths(P0, ".tail").getFirst(), 14);
        flipInSegments(14);
        node.disk.closeHandles();
        node = node.reopen("boot-2");
        assertEquals(acknowledged, held(P0), "committed, and all that is whole");
        assertEquals(1, paths(P0, ".tail").size(), "15 is in it");
        List<String> notes = node.engine.notes();
        assertTrue(notes.stream().anyMatch(one -> one.contains("kept until")), "" + notes);
    }

    @Test
    void while_it_cannot_be_copied_the_journal_stays() throws Exception {
        aSegmentCannotBeSynced();
        node.disk.failSyncs(".tail");
        checkpoint();
        assertTrue(node.engine.journalBytes() > 4_000, "no checkpoint has been made");
        requireAllAfterPowerLoss("the journal has it");
    }

    @Test
    void a_copy_that_never_succeeds_stops_nobody_elses_appends_for_good() throws Exception {
        aSegmentCannotBeSynced();
        node.disk.failSyncs(".tail");
        int end = 14;
        for (int i = 0; i < 300; i++) {
            StorageAnswer answer = node.append(P1, 1, Frames.of(P1, end, 1, "b".repeat(900)));
            end += answer instanceof StorageAnswer.Appended ? 1 : 0;
            node.tick(600);
        }
        assertTrue(end > 250, "appended up to " + end);
        List<String> news = new ArrayList<>();
        for (String one = node.engine.takeNews(); one != null; one = node.engine.takeNews()) {
            news.add(one);
        }
        assertTrue(news.stream().anyMatch(one -> one.contains("could not be kept")), "" + news);
    }

    @Test
    void a_copy_is_not_given_up_for_reads_that_fail_for_a_moment() throws Exception {
        aSegmentCannotBeSynced();
        node.disk.failSyncs(null);
        node.disk.faults().fail(Operation.READ, "journal/");
        appendsHaveToWait();
        node.disk.faults().heal();
        checkpoint();
        assertTrue(node.engine.journalBytes() < 1_000, CHECKPOINTED);
        node.disk.losePower(0);
        node = node.reopen("boot-2");
        assertEquals(acknowledged, held(P0).subList(0, 14), "the segment has nothing of it");
    }

    /** Appends until the journal is too long; six seconds pass. */
    private void appendsHaveToWait() throws Exception {
        for (int i = 0; i < 100; i++) {
            node.handle(
                    SESSION,
                    new StorageRequest.Append(P1, 1, Frames.of(P1, 14 + i, 1, "b".repeat(900)), 0));
            node.tick(60);
        }
        long tooLong = 2 * EngineSettings.SMALL.checkpointJournalBytes();
        assertTrue(node.engine.journalBytes() >= tooLong, "all others' appends wait");
    }

    @Test
    void nor_is_that_of_a_later_log_for_reads_that_failed_for_the_one_before() throws Exception {
        aSegmentCannotBeSynced();
        node.disk.failSyncs(null);
        node.disk.faults().fail(Operation.READ, "journal/");
        checkpoint();
        node.disk.faults().heal();
        node.assign(P0, 3, FSYNC);
        node.reconcile(P0, 3, Incarnation.of(3, 1), 0);
        checkpoint();
        node.append(0, 3, "new");
        node.disk.failWrites(true);
        assertInstanceOf(StorageAnswer.Faulty.class, node.append(1, 3, "x"));
        node.disk.failWrites(false);
        node.disk.faults().fail(Operation.READ, "journal/");
        appendsHaveToWait();
        node.disk.faults().heal();
        checkpoint();
        node.disk.losePower(0);
        node = node.reopen("boot-2");
        assertEquals(1, held(P0).size());
    }

    @Test
    void a_replica_that_is_made_anew_needs_no_copy() throws Exception {
        aSegmentCannotBeSynced();
        node.assign(P0, 3, FSYNC);
        node.reconcile(P0, 3, Incarnation.of(3, 1), 0);
        node.append(0, 3, "new");
        node.disk.failSyncs(null);
        checkpoint();
        assertEquals(List.of(), paths(P0, ".tail"));
        node.disk.losePower(0);
        node = node.reopen("boot-2");
        assertEquals(1, held(P0).size());
    }
}
