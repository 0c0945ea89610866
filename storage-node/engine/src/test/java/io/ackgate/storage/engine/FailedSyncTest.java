package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.P1;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.ReplicaStatus;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.disk.simulated.Chance;
import io.ackgate.storage.disk.simulated.SimulatedCrash;
import io.ackgate.storage.log.ReadPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A sync has failed, in the process before or in a start that failed. The next start in the same
 * boot reads what was written, but only what it writes again will ever be on the disk.
 */
class FailedSyncTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);
    private static final String SAME_BOOT = "boot-1";

    /** Two replicas whose first four batches a checkpoint has; the journal has four more. */
    private static EngineDriver written() throws Exception {
        EngineDriver node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        node.ready(P1, 1, FSYNC);
        append(node, 0);
        node.tick(6_000);
        node.tick(60);
        append(node, 4);
        return node;
    }

    private static void append(EngineDriver node, int from) {
        for (int i = from; i < from + 4; i++) {
            node.append(i, 1, "a" + i);
            node.append(P1, 1, Frames.of(P1, i, 1, "b" + i));
        }
    }

    private static List<String> held(EngineDriver node, PartitionId partition) throws Exception {
        List<String> held = new ArrayList<>();
        long next = 0;
        while (true) {
            ReadPlan.Result read = node.engine.inspect(partition, next, 1 << 20);
            assertNotNull(read);
            if (!read.frames().hasRemaining()) {
                return held;
            }
            held.addAll(Frames.identities(read.frames()));
            next = EngineDriver.lastOffset(read.frames()) + 1;
        }
    }

    private static ReplicaStatus status(EngineDriver node, PartitionId partition) {
        ReplicaStatus status = node.engine.describe(partition);
        assertNotNull(status);
        return status;
    }

    private static boolean starts(EngineDriver node, String boot) {
        try {
            node.reopen(boot);
            return true;
        } catch (IOException | SimulatedCrash failed) {
            return false;
        }
    }

    @Test
    void whichever_sync_of_a_start_fails_the_next_start_does_not_believe_it() throws Exception {
        boolean started = false;
        int syncs = 0;
        while (!started) {
            EngineDriver node = written();
            List<String> p0 = held(node, P0);
            List<String> p1 = held(node, P1);
            node.disk.closeHandles();
            node.disk.failSyncsAfter(syncs);
            started = starts(node, SAME_BOOT);
            node.disk.failSyncsAfter(Long.MAX_VALUE);
            node.disk.closeHandles();
            String where = "after " + syncs + " syncs";
            requireHeld(node.reopen(SAME_BOOT), p0, p1, where);
            node.disk.losePower(0);
            requireHeld(node.reopen("boot-2"), p0, p1, where);
            syncs++;
        }
        assertTrue(syncs > 6, "a start syncs more than " + syncs + " times");
    }

    private static void requireHeld(
            EngineDriver node, List<String> p0, List<String> p1, String where) throws Exception {
        assertEquals(List.of(), node.engine.notes(), where);
        assertEquals(p0, held(node, P0), where);
        assertEquals(p1, held(node, P1), where);
    }

    /** Before the record of a cut is written. */
    private static void whatIsLeftIsRead(EngineDriver node) {
        BackgroundWork derive = node.engine.beginBackgroundWork();
        assertNotNull(derive);
        derive.run();
        node.engine.backgroundWorkDone(derive, node.now, (to, answer) -> {});
    }

    /** The record of a cut is in the page cache only, and recovery cuts because of it. */
    @Test
    void what_recovery_acts_upon_is_on_the_disk_before() throws Exception {
        boolean started = false;
        for (int at = 1; !started; at++) {
            EngineDriver node = written();
            node.fence(2);
            node.handle(SESSION, new StorageRequest.Reconcile(P0, 2, FIRST, 2));
            whatIsLeftIsRead(node);
            node.disk.failSyncs("journal/");
            Sync lost = node.engine.beginSync();
            assertNotNull(lost);
            lost.run();
            node.disk.failSyncs(null);
            node.disk.closeHandles();
            node.disk.crashAt(node.disk.operations() + at);
            started = starts(node, SAME_BOOT);
            node.disk.losePower(0);
            EngineDriver after = node.reopen("boot-2");
            assertEquals(List.of(), after.engine.notes(), "stopped at operation " + at);
            long end = status(after, P0).logEnd();
            assertTrue(end == 8 || end == 2, "stopped at operation " + at + ": " + end);
            assertTrue(!started || end == 2, "cut, once the start has ended well");
            assertEquals(8, status(after, P1).logEnd());
        }
    }

    /** The files are cut, but a loss of power would take that back. */
    @Test
    void a_cut_that_could_not_be_synced_is_done_again() throws Exception {
        for (String unsyncable : List.of(P0 + ".", "000.log")) {
            EngineDriver node = written();
            node.fence(2);
            node.handle(SESSION, new StorageRequest.Reconcile(P0, 2, FIRST, 2));
            whatIsLeftIsRead(node);
            Sync intention = node.engine.beginSync();
            assertNotNull(intention);
            intention.run();
            node.engine.syncDone(intention, node.now, (to, answer) -> {});
            BackgroundWork cut = node.engine.beginBackgroundWork();
            assertNotNull(cut);
            node.disk.failSyncs(unsyncable);
            cut.run();
            node.disk.failSyncs(null);
            node.disk.closeHandles();
            assertEquals(2, status(node.reopen(SAME_BOOT), P0).logEnd());
            node.disk.losePower(0);
            EngineDriver after = node.reopen("boot-2");
            assertEquals(List.of(), after.engine.notes());
            assertEquals(2, held(after, P0).size());
        }
    }

    @Test
    void a_snapshot_that_could_not_be_synced_is_not_relied_upon() throws Exception {
        EngineDriver node = retained();
        node.disk.failSyncs(".producers");
        node.tick(6_000);
        node.disk.failSyncs(null);
        node.disk.closeHandles();
        node = node.reopen(SAME_BOOT);
        letRetentionRun(node, 2);
        node.disk.losePower(0);
        node = node.reopen("boot-2");
        node.fence(3);
        node.reconcile(P0, 3, FIRST, 20);
        assertEquals(2, RetentionTest.producers(node, 3).size(), "the silent one as well");
    }

    @Test
    void a_snapshot_that_could_not_be_written_is_written_later() throws Exception {
        EngineDriver node = retained();
        node.disk.failSyncs(".producers");
        node.tick(6_000);
        node.disk.failSyncs(null);
        letRetentionRun(node, 2);
        assertTrue(status(node, P0).logStart() > 0, "retention goes on");
    }

    @Test
    void what_was_not_snapshot_before_a_stop_is_after_it() throws Exception {
        EngineDriver node = retained();
        node.disk.closeHandles();
        node = node.reopen(SAME_BOOT);
        letRetentionRun(node, 2);
        assertTrue(status(node, P0).logStart() > 0, "retention goes on");
    }

    /**
     * Twenty batches in several segments, of which few may stay; the first is a producer's only.
     */
    private static EngineDriver retained() throws Exception {
        EngineDriver node = new EngineDriver();
        node.ready(
                P0,
                1,
                new ReplicaSettings(Durability.FSYNC, 2048, 604_800_000, -1, 100, 86_400_000));
        for (int i = 0; i < 20; i++) {
            node.append(
                    P0,
                    1,
                    Frames.builder(P0, i, 1, 5, "a" + i + "v".repeat(400))
                            .producer(i == 0 ? 77 : 5, 0, i == 0 ? 0 : i - 1)
                            .stamp());
        }
        return node;
    }

    private static void letRetentionRun(EngineDriver node, int epoch) {
        node.fence(epoch);
        node.reconcile(P0, epoch, FIRST, 20);
        node.handle(SESSION, new StorageRequest.AdvanceHighWatermark(P0, epoch, 20));
        for (int i = 0; i < 8; i++) {
            node.tick(2_000);
        }
    }

    /** A gap in the names of the journal's files would make all replicas faulty. */
    @Test
    void a_start_that_is_killed_and_one_that_loses_power_leave_no_gap_in_the_journal()
            throws Exception {
        long whole = operationsOfAStart();
        for (int first = 1; first < 12; first++) {
            for (int second = 1; second < 12; second++) {
                for (int seed = 1; seed <= 4; seed++) {
                    EngineDriver node = written();
                    node.disk.closeHandles();
                    node.disk.crashAt(node.disk.operations() + whole - first);
                    starts(node, SAME_BOOT);
                    node.disk.closeHandles();
                    node.disk.crashAt(node.disk.operations() + whole - second);
                    starts(node, SAME_BOOT);
                    node.disk.losePower(Chance.of(new Random(seed * 0x9E3779B97F4A7C15L)), 0.5);
                    String where = first + " and " + second + " before the end, seed " + seed;
                    assertEquals(List.of(), node.reopen("boot-2").engine.notes(), where);
                }
            }
        }
    }

    private static long operationsOfAStart() throws Exception {
        EngineDriver node = written();
        node.disk.closeHandles();
        long before = node.disk.operations();
        node.reopen(SAME_BOOT);
        return node.disk.operations() - before;
    }
}
