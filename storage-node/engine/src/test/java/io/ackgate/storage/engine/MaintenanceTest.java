package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.disk.simulated.DiskFaults;
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
}
