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
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.disk.DiskFaults.Operation;
import io.ackgate.storage.disk.SimulatedCrash;
import io.ackgate.storage.log.ReadPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A log is in doubt, and the journal that holds what it has acknowledged is about to be void: other
 * replicas need not be there to have it.
 */
class DoubtfulTailTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);
    private static final String CHECKPOINTED = "a checkpoint has been made";

    private EngineDriver node;
    private List<String> acknowledged;

    /** Four batches of each that a checkpoint has, and more of them that it has not. */
    @BeforeEach
    void two_replicas() throws Exception {
        node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        node.ready(P1, 1, FSYNC);
        append(0, 4);
        checkpoint();
        append(4, 14);
        node.handle(SESSION, new StorageRequest.AdvanceHighWatermark(P0, 1, 14));
        node.tick(200);
        acknowledged = held(P0);
        assertEquals(14, acknowledged.size());
    }

    private void append(int from, int to) {
        for (int i = from; i < to; i++) {
            assertInstanceOf(
                    StorageAnswer.Appended.class, node.append(i, 1, "a" + i + "v".repeat(300)));
            node.append(P1, 1, Frames.of(P1, i, 1, "b" + i));
        }
    }

    private void checkpoint() {
        for (int i = 0; i < 3; i++) {
            node.tick(6_000);
            node.tick(60);
        }
    }

    private List<String> held(PartitionId partition) throws Exception {
        List<String> held = new ArrayList<>();
        long next = 0;
        while (true) {
            ReadPlan.Result read = node.engine.inspect(partition, next, 1 << 20);
            assertNotNull(read, node.engine.notes().toString());
            if (!read.frames().hasRemaining()) {
                return held;
            }
            held.addAll(Frames.identities(read.frames()));
            next = EngineDriver.lastOffset(read.frames()) + 1;
        }
    }

    private List<String> paths(PartitionId partition, String suffix) {
        String directory = "/" + partition + ".";
        return node.disk.files().stream()
                .filter(path -> path.contains(directory) && path.endsWith(suffix))
                .toList();
    }

    private String lastSegment() {
        return paths(P0, ".log").getLast();
    }

    private void aSegmentCannotBeSynced() {
        node.disk.failSyncs(lastSegment());
        node.tick(6_000);
        node.tick(60);
        assertInstanceOf(StorageAnswer.Faulty.class, node.fence(2));
    }

    private void requireAllAfterPowerLoss(String where) throws Exception {
        node.disk.failSyncs(null);
        node.disk.powerLossOfAllUnsynced();
        requireAll(where);
    }

    private void requireAll(String where) throws Exception {
        node = node.reopen("boot-2");
        assertEquals(acknowledged, held(P0).subList(0, 14), where);
        StorageAnswer.Fenced fenced =
                assertInstanceOf(StorageAnswer.Fenced.class, node.fence(9), where);
        assertEquals(Incarnation.NONE, fenced.incarnation(), "and counts for nothing else");
        assertEquals(List.of(), paths(P0, ".tail"), "what was copied is in the segments");
        assertEquals(14, held(P1).size(), where);
    }

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

    /** The journal went on in another file without a batch, with the one that came after it. */
    private void aSyncFailsWhileTheNextGathers() {
        node.handle(SESSION, new StorageRequest.Append(P0, 1, Frames.of(P0, 14, 1, "lost"), 0));
        Sync sync = node.engine.beginSync();
        assertNotNull(sync);
        node.handle(SESSION, new StorageRequest.Append(P0, 1, Frames.of(P0, 15, 1, "x"), 0));
        node.disk.failSyncs("journal/");
        sync.run();
        node.disk.failSyncs(null);
        node.engine.syncDone(sync, node.now, (to, answer) -> {});
        node.settle();
        assertInstanceOf(StorageAnswer.Faulty.class, node.fence(2));
    }

    @Test
    void a_gap_that_a_failed_sync_has_left_is_no_damage() throws Exception {
        aSyncFailsWhileTheNextGathers();
        requireAllAfterPowerLoss("power is lost");
    }

    @Test
    void nor_is_it_one_after_a_kill() throws Exception {
        aSyncFailsWhileTheNextGathers();
        requireAll("all of it is in the page cache");
    }

    @Test
    void nor_does_a_checkpoint_take_it_for_one() throws Exception {
        aSyncFailsWhileTheNextGathers();
        checkpoint();
        assertTrue(node.engine.journalBytes() < 1_000, CHECKPOINTED);
        requireAllAfterPowerLoss("a copy of the tail was made");
    }

    /** The checkpoint has noted the log as sound, and its segment cannot be synced after all. */
    @Test
    void a_log_that_fails_while_a_checkpoint_syncs_it_is_not_noted_as_sound() throws Exception {
        node.disk.failSyncs(lastSegment());
        node.now += 6_000;
        node.engine.tick(NodeTime.of(node.now), (to, answer) -> {});
        Upkeep flush = node.engine.beginUpkeep();
        assertNotNull(flush);
        node.disk.failWrites(true);
        node.handle(SESSION, new StorageRequest.Append(P0, 1, Frames.of(P0, 14, 1, "x"), 0));
        node.disk.failWrites(false);
        flush.run();
        node.engine.upkeepDone(flush, node.now, (to, answer) -> {});
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
        node.disk.killProcess();
        for (int i = 0; i < 3; i++) {
            node.disk.faults().fail(Operation.READ, "partitions/" + P0);
            node = node.reopen("boot-2");
            assertEquals(1, node.engine.notes().size());
            checkpoint();
            node.disk.faults().heal();
            node.disk.powerLossOfAllUnsynced();
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
            node.disk.powerLoss(new Random(stop));
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
            node.disk.powerLossOfAllUnsynced();
            node.disk.crashAt(node.disk.operations() + stop);
            try {
                node.reopen("boot-2");
            } catch (SimulatedCrash crash) {
                // As it is meant to.
            }
            node.disk.powerLoss(new Random(stop));
            requireAll("stopped at " + stop);
        }
    }

    @Test
    void a_copy_that_is_damaged_costs_nothing_where_the_segments_are_whole() throws Exception {
        aSegmentCannotBeSynced();
        checkpoint();
        node.disk.failSyncs(null);
        node.disk.flipBit(paths(P0, ".tail").getFirst(), 5_000);
        node.disk.killProcess();
        requireAll("the page cache has all of it");
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
    void a_replica_that_is_made_anew_needs_no_copy() throws Exception {
        aSegmentCannotBeSynced();
        node.assign(P0, 3, FSYNC);
        node.join(P0, 3, Incarnation.of(3, 1), 0);
        node.append(0, 3, "new");
        node.disk.failSyncs(null);
        checkpoint();
        assertEquals(List.of(), paths(P0, ".tail"));
        node.disk.powerLossOfAllUnsynced();
        node = node.reopen("boot-2");
        assertEquals(1, held(P0).size());
    }
}
