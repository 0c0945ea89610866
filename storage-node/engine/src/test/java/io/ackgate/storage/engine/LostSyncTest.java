package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.P1;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.ReplicaStatus;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.disk.DiskFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A sync of the journal fails, and the journal goes on without what was in it. */
class LostSyncTest extends DoubtfulLogs {
    /** The journal went on in another file without a batch, with the one that came after it. */
    private void aSyncFailsWhileTheNextGathers() {
        aSyncFailsWhileTheNextGathers(0);
    }

    /** The one after it says that others have more than this node has synced. */
    private void aSyncFailsWhileTheNextGathers(long highWatermark) {
        node.handle(SESSION, new StorageRequest.Append(P0, 1, Frames.of(P0, 14, 1, "lost"), 0));
        Sync sync = node.engine.beginSync();
        assertNotNull(sync);
        node.handle(
                SESSION,
                new StorageRequest.Append(P0, 1, Frames.of(P0, 15, 1, "x"), highWatermark));
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

    @Test
    void what_was_never_durable_is_not_missed_when_others_have_it() throws Exception {
        aSyncFailsWhileTheNextGathers(100);
        requireAllAfterPowerLoss("power is lost");
        two_replicas();
        aSyncFailsWhileTheNextGathers(100);
        checkpoint();
        assertTrue(node.engine.journalBytes() < 1_000, CHECKPOINTED);
        requireAllAfterPowerLoss("a copy of the tail was made");
        two_replicas();
        aSyncFailsWhileTheNextGathers(100);
        node.close();
        requireAllAfterPowerLoss("the next start finds no journal");
    }

    /** No batch follows the one that was lost, and a high watermark does. */
    private void aSyncFailsWhileTheHighWatermarkRises() {
        node.handle(SESSION, new StorageRequest.Append(P0, 1, Frames.of(P0, 14, 1, "lost"), 0));
        Sync sync = node.engine.beginSync();
        assertNotNull(sync);
        node.handle(SESSION, new StorageRequest.AdvanceHighWatermark(P0, 1, 15));
        node.now += 200;
        node.engine.tick(NodeTime.of(node.now), (to, answer) -> {});
        node.disk.failSyncs("journal/");
        sync.run();
        node.disk.failSyncs(null);
        node.engine.syncDone(sync, node.now, (to, answer) -> {});
        node.settle();
        assertInstanceOf(StorageAnswer.Faulty.class, node.fence(2));
    }

    @Test
    void nor_is_it_missed_without_a_gap() throws Exception {
        aSyncFailsWhileTheHighWatermarkRises();
        requireAllAfterPowerLoss("power is lost");
        two_replicas();
        aSyncFailsWhileTheHighWatermarkRises();
        checkpoint();
        assertTrue(node.engine.journalBytes() < 1_000, CHECKPOINTED);
        requireAllAfterPowerLoss("a copy of the tail was made");
    }

    /** What was acknowledged before a cut says nothing of what was appended after it. */
    @Test
    void nor_is_it_missed_behind_a_cut() throws Exception {
        node.ask(SESSION, new StorageRequest.Fence(P1, 2));
        node.reconcile(P1, 2, FIRST, 10);
        node.handle(SESSION, new StorageRequest.Append(P1, 2, Frames.of(P1, 10, 2, "lost"), 100));
        node.disk.failSyncs("journal/");
        node.settle();
        node.disk.failSyncs(null);
        checkpoint();
        assertTrue(node.engine.journalBytes() < 1_000, CHECKPOINTED);
        node.disk.losePower(0);
        node = node.reopen("boot-2");
        assertEquals(10, held(P1).size());
    }

    private long logStart() {
        ReplicaStatus status = node.engine.describe(P0);
        assertNotNull(status);
        return status.logStart();
    }

    /** Retention takes what others have and a failed sync loses here: its segment was synced. */
    @Test
    void nor_is_it_missed_where_the_log_starts_behind_it() throws Exception {
        int segments = paths(P0, ".log").size();
        ReplicaSettings little =
                new ReplicaSettings(Durability.FSYNC, 2048, 604_800_000, -1, 100, 86_400_000);
        node.handle(SESSION, new StorageRequest.Configure(P0, 1, little));
        for (int end = 14; paths(P0, ".log").size() == segments; end++) {
            ByteBuffer lost = Frames.of(P0, end, 1, "lost" + "v".repeat(300));
            node.handle(SESSION, new StorageRequest.Append(P0, 1, lost, 100));
        }
        Sync sync = node.engine.beginSync();
        assertNotNull(sync);
        for (int i = 0; i < 3; i++) {
            node.now += 6_000;
            node.engine.tick(NodeTime.of(node.now), (to, answer) -> {});
            assertTrue(i > 0 || logStart() <= 14, "no segment behind it is synced yet");
            for (BackgroundWork one = node.engine.beginBackgroundWork(); one != null; ) {
                one.run();
                node.engine.backgroundWorkDone(one, node.now, (to, answer) -> {});
                one = node.engine.beginBackgroundWork();
            }
        }
        assertTrue(logStart() > 14, "log start " + logStart());
        node.disk.failSyncs("journal/");
        sync.run();
        node.disk.failSyncs(null);
        node.engine.syncDone(sync, node.now, (to, answer) -> {});
        node.settle();
        assertInstanceOf(StorageAnswer.Faulty.class, node.fence(2));
        node.disk.losePower(0);
        node = node.reopen("boot-2");
        assertInstanceOf(StorageAnswer.Fenced.class, node.fence(9), () -> "" + node.engine.notes());
    }

    /** The copy was given up, and the segments happen to hold all that was acknowledged. */
    @Test
    void nor_is_it_missed_where_its_copy_was_given_up() throws Exception {
        aSyncFailsWhileTheNextGathers(100);
        node.disk.failSyncs(".tail");
        int end = 14;
        for (int i = 0; i < 300 && !told("could not be kept"); i++) {
            StorageAnswer answer = node.append(P1, 1, Frames.of(P1, end, 1, "b".repeat(900)));
            end += answer instanceof StorageAnswer.Appended ? 1 : 0;
            node.tick(600);
        }
        node.disk.failSyncs(null);
        checkpoint();
        node.disk.closeHandles();
        cutTheLastBatchesOff();
        node = node.reopen("boot-2");
        assertEquals(acknowledged, held(P0));
    }

    private void cutTheLastBatchesOff() throws Exception {
        try (DiskFile file = node.disk.open(lastSegment())) {
            String text = new String(node.disk.content(lastSegment()), StandardCharsets.ISO_8859_1);
            int lost = text.indexOf("lost");
            assertTrue(lost > 0);
            file.truncate(lost);
            file.sync();
        }
    }

    private boolean told(String part) {
        boolean told = false;
        for (String one = node.engine.takeNews(); one != null; one = node.engine.takeNews()) {
            told |= one.contains(part);
        }
        return told;
    }
}
