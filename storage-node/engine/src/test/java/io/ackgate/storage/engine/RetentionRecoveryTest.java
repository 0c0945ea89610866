package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.ProducerEntry;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.ReplicaStatus;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.disk.simulated.DiskFaults.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A start after retention has gone further than the checkpoint knows. */
class RetentionRecoveryTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);
    private static final int SEGMENT_BYTES = 2048;

    private static EngineDriver keeping(int retentionBytes, Durability durability)
            throws Exception {
        EngineDriver node = new EngineDriver();
        node.ready(
                P0,
                1,
                new ReplicaSettings(
                        durability, SEGMENT_BYTES, 604_800_000, -1, retentionBytes, 86_400_000));
        return node;
    }

    private static void append(EngineDriver node, long offset, int epoch, long producer, int size) {
        String value = offset + "v".repeat(size);
        node.append(
                P0,
                epoch,
                Frames.builder(P0, offset, epoch, 5, value)
                        .producer(producer, 0, (int) offset)
                        .stamp());
    }

    /**
     * The checkpoint that is on the disk stays; snapshots of producers are written all the same.
     */
    private static void checkpointFails(EngineDriver node) {
        node.disk.faults().fail(Operation.CREATE, "checkpoint");
        node.tick(6_000);
        node.tick(60);
    }

    private static long retained(EngineDriver node, int epoch, long highWatermark) {
        node.handle(SESSION, new StorageRequest.AdvanceHighWatermark(P0, epoch, highWatermark));
        node.tick(300);
        node.tick(300);
        ReplicaStatus status = node.engine.describe(P0);
        assertNotNull(status);
        return status.logStart();
    }

    private static EngineDriver killed(EngineDriver node) throws Exception {
        node.disk.faults().heal();
        node.disk.closeHandles();
        EngineDriver next = node.reopen("boot-1");
        assertEquals(List.of(), next.engine.notes());
        return next;
    }

    private static boolean hasSegment(EngineDriver node, long base) {
        String name = "%020d.log".formatted(base);
        return node.disk.files().stream().anyMatch(file -> file.endsWith(name));
    }

    @Test
    void what_a_cut_left_of_a_segment_may_be_gone_where_the_log_starts_at_the_cut()
            throws Exception {
        for (Durability durability : Durability.values()) {
            EngineDriver node = keeping(6_500, durability);
            for (int i = 0; i < 10; i++) {
                append(node, i, 1, i == 5 ? 77 : 5, 400);
            }
            node.tick(6_000);
            node.tick(60);
            node.fence(2);
            node.reconcile(P0, 2, FIRST, 6);
            for (int i = 6; i < 10; i++) {
                append(node, i, 2, 5, 1_800);
            }
            checkpointFails(node);
            assertTrue(hasSegment(node, 4), "which the checkpoint knows, and which ends at 6 now");
            assertEquals(6, retained(node, 2, 8));
            assertFalse(hasSegment(node, 4));
            List<ProducerEntry> before = RetentionTest.producers(node, 2);
            assertEquals(2, before.size());

            node = killed(node);
            node.fence(3);
            node.reconcile(P0, 3, FIRST, 10);
            assertEquals(4, node.read(P0, 3, 6).size());
            assertEquals(before, RetentionTest.producers(node, 3));
        }
    }

    @Test
    void the_producers_of_what_is_gone_are_known_though_the_epoch_changed_since() throws Exception {
        EngineDriver node = keeping(5_000, Durability.FSYNC);
        append(node, 0, 1, 5, 400);
        node.tick(6_000);
        node.tick(60);
        node.fence(2);
        node.reconcile(P0, 2, FIRST, 1);
        for (int i = 1; i < 10; i++) {
            append(node, i, 2, i == 1 ? 77 : 5, 1_800);
        }
        checkpointFails(node);
        assertTrue(retained(node, 2, 9) > 2);
        List<ProducerEntry> before = RetentionTest.producers(node, 2);
        assertEquals(2, before.size());

        node = killed(node);
        node.fence(3);
        node.reconcile(P0, 3, FIRST, 10);
        assertEquals(before, RetentionTest.producers(node, 3));
    }
}
