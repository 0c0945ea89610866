package io.ackgate.storage.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.disk.simulated.HeldSyncs;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The next sync starts when the disk is free: not when the queue is empty, which it never is while
 * these tests hold a task that stands in it. Nothing but its own records waits for a sync.
 */
class SyncOverlapTest {
    /** Tasks that may pass before a disk that has nothing to do is given something. */
    private static final int FEW_TASKS = 100;

    @TempDir Path directory;

    private HeldSyncs disk;
    private LoopDriver node;
    private PartitionId partition;

    /** A task of the engine's thread that ends when the test says so. */
    private final class HeldTask {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch end = new CountDownLatch(1);

        HeldTask() {
            var _ =
                    node.loop()
                            .ask(
                                    engine -> {
                                        begun.countDown();
                                        await(end);
                                        return true;
                                    });
        }

        void begins() {
            await(begun);
        }

        void end() {
            end.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("not in time");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Until a thread that was let go from a sync has told the loop, and waits for more. */
    private static void untilItParks(Thread thread) {
        while (true) {
            Object blocker = LockSupport.getBlocker(thread);
            if (blocker != null && blocker.getClass().getPackageName().endsWith(".runtime")) {
                return;
            }
            Thread.onSpinWait();
        }
    }

    @BeforeEach
    void start() throws Exception {
        disk = new HeldSyncs(directory, "journal");
        node = new LoopDriver(disk.disk());
        partition = node.ready(0, Durability.FSYNC);
        node.untilQuiet();
    }

    @AfterEach
    void stop() {
        disk.release();
        node.close();
    }

    @Test
    void the_end_of_a_sync_is_noticed_between_two_tasks() throws Exception {
        disk.hold();
        node.append(partition, 0);
        Thread syncing = disk.next();
        assertNotNull(syncing);
        node.append(partition, 1);
        HeldTask first = new HeldTask();
        HeldTask second = new HeldTask();
        first.begins();
        disk.releaseOne();
        untilItParks(syncing);
        first.end();
        assertNotNull(disk.next(), "the disk is free and something waits for it");
        second.begins();
        assertEquals(node.appended(partition, 1), node.next(), "answered before the queue is done");
        second.end();
    }

    @Test
    void a_disk_that_is_free_does_not_wait_for_the_queue_to_be_empty() throws Exception {
        disk.hold();
        HeldTask before = new HeldTask();
        before.begins();
        node.append(partition, 0);
        for (int i = 0; i < FEW_TASKS; i++) {
            var _ = node.loop().ask(engine -> true);
        }
        HeldTask behind = new HeldTask();
        before.end();
        behind.begins();
        assertNotNull(disk.next(), "the disk is free and something waits for it");
        behind.end();
    }

    @Test
    void while_a_sync_stands_still_everything_else_goes_on() throws Exception {
        PartitionId cached = node.ready(1, Durability.PAGE_CACHE);
        node.untilQuiet();
        disk.hold();
        node.append(partition, 0);
        assertNotNull(disk.next());
        node.append(cached, 0);
        assertEquals(node.appended(cached, 1), node.next());
        assertEquals(true, node.loop().ask(engine -> true).get(30, TimeUnit.SECONDS));
        disk.release();
        assertEquals(node.appended(partition, 1), node.next());
    }

    @Test
    void a_lone_record_is_taken_synced_and_answered_by_one_thread() throws Exception {
        boolean one = false;
        // What is due by time may come between, and take the other thread: not again and again.
        for (int i = 0; i < 20 && !one; i++) {
            node.untilQuiet();
            disk.hold();
            node.append(partition, i);
            Thread syncing = disk.next();
            disk.release();
            assertEquals(node.appended(partition, i + 1), node.next());
            one =
                    syncing != null
                            && syncing.equals(node.appendedBy())
                            && syncing.equals(node.answeredBy());
        }
        assertTrue(one, "each record was handed from thread to thread");
    }
}
