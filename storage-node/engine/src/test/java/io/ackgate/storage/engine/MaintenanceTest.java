package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Refusal;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.disk.simulated.DiskFaults;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an engine does of its own accord, and when. */
class MaintenanceTest {
    private EngineDriver node;

    @BeforeEach
    void a_replica() throws Exception {
        node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        node.tick(0);
    }

    @Test
    void a_journal_that_has_grown_brings_a_checkpoint_though_no_time_has_passed() throws Exception {
        long most = 0;
        for (int i = 0; i < 100; i++) {
            assertInstanceOf(
                    StorageAnswer.Appended.class, node.append(i, 1, "v".repeat(400)), "at " + i);
            node.tick(0);
            most = Math.max(most, node.engine.journalBytes());
        }
        assertTrue(
                most < 2 * EngineSettings.SMALL.checkpointJournalBytes(),
                "a start would have to read " + most + " bytes");
    }

    @Test
    void many_small_batches_bring_a_checkpoint_however_short_the_journal_is() throws Exception {
        EngineSettings small = EngineSettings.SMALL;
        node =
                new EngineDriver(
                        new EngineSettings(
                                small.journal(),
                                1L << 40,
                                10,
                                1L << 40,
                                small.maxFrameBytes(),
                                small.highWatermarkIntervalMillis(),
                                small.retentionIntervalMillis(),
                                small.indexIntervalBytes(),
                                small.reserveBytes(),
                                small.scrub()));
        node.ready(P0, 1, FSYNC);
        long most = 0;
        for (int i = 0; i < 100; i++) {
            assertInstanceOf(StorageAnswer.Appended.class, node.append(i, 1, "v"), "at " + i);
            node.tick(0);
            most = Math.max(most, node.engine.journalBytes());
        }
        // A batch is a group here, and a group a block; the journal's files are counted as well.
        long batches = most / small.journal().blockBytes();
        assertTrue(batches < 60, "a start would have to read " + batches + " batches");
    }

    /** Nothing makes room any more, and whoever asks has to hear of it. */
    @Test
    void a_fence_is_answered_when_the_journal_fails_that_had_got_too_long() {
        int end = 0;
        while (node.engine.journalBytes() < 2 * EngineSettings.SMALL.checkpointJournalBytes()) {
            node.append(end++, 1, "v".repeat(900));
        }
        node.disk.faults().fail(DiskFaults.Operation.CREATE, "journal/");
        node.disk.faults().fail(DiskFaults.Operation.RENAME, "journal/");
        while (node.append(end, 1, "v".repeat(900)) instanceof StorageAnswer.Appended) {
            end++;
        }
        node.engine.tick(NodeTime.of(node.now), (to, answer) -> {});
        node.disk.failSyncs("journal/");
        for (int epoch = 2; epoch < 20 && !node.engine.failed(); epoch++) {
            node.handle(SESSION, new StorageRequest.Fence(P0, epoch));
            Sync sync = node.engine.beginSync();
            if (sync != null) {
                sync.run();
                node.engine.syncDone(sync, node.now, (to, answer) -> {});
            }
        }
        assertTrue(node.engine.failed());
        assertInstanceOf(StorageAnswer.Faulty.class, node.fence(50));
    }

    private long highWatermarkAfterPowerLoss(int boot) throws Exception {
        node.disk.losePower(0);
        long now = node.now;
        node = node.reopen("boot-" + boot);
        node.now = now;
        StorageAnswer answer = node.fence(boot);
        return assertInstanceOf(StorageAnswer.Fenced.class, answer).highWatermark();
    }

    @Test
    void a_high_watermark_that_no_append_carried_outlives_power_once_its_interval_is_over()
            throws Exception {
        for (int i = 0; i < 3; i++) {
            node.append(i, 1, "v" + i);
        }
        node.handle(SESSION, new StorageRequest.AdvanceHighWatermark(P0, 1, 3));
        node.tick(EngineSettings.SMALL.highWatermarkIntervalMillis());
        assertEquals(3, highWatermarkAfterPowerLoss(2));
    }

    @Test
    void one_that_an_append_carried_is_known_at_once_and_outlives_power() throws Exception {
        node.append(0, 1, "a");
        node.ask(SESSION, new StorageRequest.Append(P0, 1, Frames.of(P0, 1, 1, "b"), 1));
        StorageAnswer.Fenced fenced = assertInstanceOf(StorageAnswer.Fenced.class, node.fence(2));
        assertEquals(1, fenced.highWatermark());
        assertEquals(1, highWatermarkAfterPowerLoss(3));
    }

    private static EngineDriver withShortJournal() throws Exception {
        EngineSettings small = EngineSettings.SMALL;
        EngineDriver node =
                new EngineDriver(
                        new EngineSettings(
                                small.journal(),
                                1 << 10,
                                small.checkpointBatches(),
                                small.checkpointIntervalMillis(),
                                small.maxFrameBytes(),
                                small.highWatermarkIntervalMillis(),
                                small.retentionIntervalMillis(),
                                small.indexIntervalBytes(),
                                small.reserveBytes(),
                                small.scrub()));
        node.ready(P0, 1, FSYNC);
        node.takeAnswers();
        return node;
    }

    private void handleAppend(long offset) {
        StorageRequest append =
                new StorageRequest.Append(P0, 1, Frames.of(P0, offset, 1, "v".repeat(900)), 0);
        node.handle(SESSION, append);
        Sync sync = node.engine.beginSync();
        if (sync != null) {
            sync.run();
            node.engine.syncDone(sync, node.now, (to, answer) -> node.answers.add(answer));
        }
    }

    /** Four appends, of which the checkpoint that they bring is begun and not yet made. */
    private void journalTooLong() throws Exception {
        node = withShortJournal();
        for (int i = 0; i < 4; i++) {
            handleAppend(i);
        }
        node.tickOnly(1);
        assertEquals(4, node.takeAnswers().size());
    }

    @Test
    void an_append_waits_for_the_checkpoint_that_shortens_the_journal() throws Exception {
        journalTooLong();
        handleAppend(4);
        assertEquals(List.of(), node.takeAnswers(), "neither taken nor refused");
        node.settle();
        node.tick(1);
        assertEquals(
                List.of(new StorageAnswer.Appended(P0, 1, Incarnation.of(1, 1), 5)),
                node.takeAnswers());
    }

    @Test
    void it_is_refused_while_no_checkpoint_can_be_made() throws Exception {
        journalTooLong();
        node.disk.failSyncs("checkpoint");
        node.settle();
        node.tick(1);
        handleAppend(4);
        StorageAnswer.Refused refused =
                assertInstanceOf(StorageAnswer.Refused.class, node.takeAnswers().getFirst());
        assertEquals(Refusal.DISK_FULL, refused.reason());
        assertInstanceOf(StorageAnswer.Fenced.class, node.fence(2), "it still obeys");
    }

    @Test
    void a_stop_that_cannot_sync_a_log_leaves_the_journal_to_the_next_start() throws Exception {
        for (int i = 0; i < 4; i++) {
            node.append(i, 1, "v".repeat(400));
        }
        node.disk.failSyncs("partitions/" + P0);
        assertThrows(IOException.class, node::close);
        node.disk.failSyncs(null);
        node.disk.losePower(0);
        node = node.reopen("boot-2");
        StorageAnswer.Fenced fenced = assertInstanceOf(StorageAnswer.Fenced.class, node.fence(2));
        assertEquals(4, fenced.logEnd(), "all that was acknowledged");
    }

    @Test
    void a_fence_of_the_same_epoch_puts_nothing_into_the_journal() {
        node.takeAnswers();
        node.handle(SESSION, new StorageRequest.Fence(P0, 1));
        assertNull(node.engine.beginSync());
        assertInstanceOf(StorageAnswer.Fenced.class, node.takeAnswers().getFirst());
    }

    @Test
    void an_engine_is_not_idle_while_a_checkpoint_is_to_be_made() {
        node.append(0, 1, "v");
        assertTrue(node.engine.idle());
        node.tickOnly(EngineSettings.SMALL.checkpointIntervalMillis());
        for (Sync sync = node.engine.beginSync(); sync != null; sync = node.engine.beginSync()) {
            sync.run();
            node.engine.syncDone(sync, node.now, (to, answer) -> {});
        }
        assertFalse(node.engine.idle());
        node.settle();
        assertTrue(node.engine.idle());
    }

    @Test
    void a_stop_does_what_waits_for_a_quiet_moment() throws Exception {
        EngineDriver fresh = new EngineDriver();
        assertFalse(fresh.engine.idle(), "the reserve is to be made");
        fresh.engine.close(fresh.now, effect -> {});
        assertTrue(fresh.disk.exists("reserve"));
    }
}
