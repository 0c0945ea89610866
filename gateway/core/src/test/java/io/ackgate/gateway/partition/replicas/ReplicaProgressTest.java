package io.ackgate.gateway.partition.replicas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.partition.InvariantBrokenException;
import io.ackgate.gateway.partition.PartitionStatus.Stage;
import io.ackgate.storage.api.NodeId;
import org.junit.jupiter.api.Test;

/** How far a replica is, and by which ways it gets there. */
class ReplicaProgressTest {
    private static final long PAUSE = 100;

    private final ReplicaProgress replica = new ReplicaProgress(new NodeId(1), 0);

    private void reconcile(long end) {
        replica.toFencing(0);
        replica.toReconciling();
        replica.toReconciled(end, end, 0);
    }

    private static void isRefused(Runnable transition) {
        assertThrows(InvariantBrokenException.class, transition::run);
    }

    @Test
    void what_is_on_its_way_is_counted_until_it_is_acknowledged() {
        reconcile(3);
        replica.sent(5, 100, 3);
        replica.sent(9, 40, 3);
        assertEquals(140, replica.inFlightBytes());
        assertEquals(9, replica.nextOffset());
        assertTrue(replica.acknowledged(4, 9, 0), "a part of the first batch");
        assertEquals(140, replica.inFlightBytes());
        assertTrue(replica.acknowledged(5, 9, 0));
        assertEquals(40, replica.inFlightBytes());
        assertTrue(replica.acknowledged(9, 9, 0));
        assertEquals(0, replica.inFlightBytes());
        assertEquals(9, replica.logEnd());
    }

    @Test
    void an_acknowledgement_that_says_nothing_new_changes_nothing() {
        reconcile(3);
        replica.sent(5, 100, 3);
        assertFalse(replica.acknowledged(3, 5, 0));
        assertTrue(replica.acknowledged(5, 5, 0));
        assertFalse(replica.acknowledged(5, 5, 0));
        assertFalse(replica.acknowledged(4, 5, 0));
        assertEquals(5, replica.logEnd());
    }

    @Test
    void nobody_holds_what_was_not_sent() {
        reconcile(3);
        isRefused(() -> replica.acknowledged(4, 9, 0));
        assertEquals(3, replica.logEnd());
    }

    @Test
    void what_its_stream_has_brought_ends_with_the_stream() {
        reconcile(3);
        replica.sent(5, 100, 3);
        assertTrue(replica.acknowledged(4, 5, 0));
        replica.toDown(7);
        assertEquals(-1, replica.logEnd());
        assertEquals(0, replica.inFlightBytes());
        assertFalse(replica.isDown(16, 10));
        assertTrue(replica.isDown(17, 10));
    }

    @Test
    void no_stage_is_left_out() {
        isRefused(replica::toAssigning);
        isRefused(replica::toReconciling);
        isRefused(() -> replica.toReconciled(0, 0, 0));
        isRefused(() -> replica.toLost(false, 0, 0, PAUSE));
        isRefused(() -> replica.toPaused(0, 0, PAUSE));
        assertEquals(Stage.DOWN, replica.stage());
        replica.toFenced();
        isRefused(replica::toFenced);
        isRefused(() -> replica.toReconciled(0, 0, 0));
        isRefused(replica::toAssigning);
        replica.toReconciling();
        isRefused(replica::toReconciling);
        replica.toReconciled(0, 0, 0);
        replica.toLost(false, 0, 0, PAUSE);
        replica.toAssigning();
        replica.toReconciling();
        assertEquals(Stage.RECONCILING, replica.stage());
    }

    @Test
    void each_loss_in_a_row_is_waited_for_longer_and_a_reconcile_ends_the_row() {
        replica.toFencing(0);
        replica.toLost(false, 0, 0, PAUSE);
        assertTrue(replica.hasWaited(0, 0), "the first is mended at once");
        replica.toFencing(0);
        replica.toLost(false, 0, 0, PAUSE);
        assertFalse(replica.hasWaited(PAUSE - 1, 0));
        assertTrue(replica.hasWaited(PAUSE, 0));
        assertFalse(replica.hasWaited(PAUSE + 9, 10));
        assertTrue(replica.hasWaited(PAUSE + 10, 10));
        for (int i = 0; i < 100; i++) {
            replica.toFencing(0);
            replica.toLost(false, 0, 0, PAUSE);
        }
        assertFalse(replica.hasWaited(25 * PAUSE - 1, 0));
        assertTrue(replica.hasWaited(25 * PAUSE, 0));
        reconcile(0);
        assertFalse(replica.hasWaited(Long.MAX_VALUE, 0), "nothing is waited for");
        replica.toLost(false, 0, 0, PAUSE);
        assertTrue(replica.hasWaited(0, 0));
    }

    @Test
    void who_refuses_does_so_until_it_takes_something() {
        reconcile(0);
        replica.sent(5, 10, 0);
        replica.toPaused(0, 3, PAUSE);
        assertFalse(replica.refuses(12, 10));
        assertTrue(replica.refuses(13, 10));
        replica.toFencing(5);
        replica.toPaused(0, 9, PAUSE);
        assertTrue(replica.refuses(13, 10), "since the first time");
        replica.toFencing(10);
        replica.toReconciling();
        replica.toReconciled(0, 5, 11);
        assertTrue(replica.refuses(13, 10), "it lacks what it refused");
        replica.sent(5, 10, 0);
        assertTrue(replica.acknowledged(5, 5, 12));
        assertFalse(replica.refuses(99, 10));
    }

    @Test
    void a_high_watermark_is_told_once_on_each_stream() {
        reconcile(0);
        assertFalse(replica.knows(0));
        replica.told(4);
        assertTrue(replica.knows(4));
        assertTrue(replica.knows(3));
        assertFalse(replica.knows(5));
        replica.sent(9, 1, 6);
        assertTrue(replica.knows(6));
        replica.toDown(0);
        reconcile(9);
        assertFalse(replica.knows(0));
    }
}
