package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.PAGE_CACHE;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Refusal;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.disk.simulated.Chance;
import io.ackgate.storage.disk.simulated.DiskFaults.Operation;
import io.ackgate.storage.disk.simulated.SimDisk;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Replicas that acknowledge what the page cache has. */
class PageCacheTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);

    private static EngineDriver written() throws Exception {
        return written(new EngineDriver());
    }

    private static EngineDriver written(EngineDriver node) throws Exception {
        node.ready(P0, 1, PAGE_CACHE);
        for (int i = 0; i < 12; i++) {
            node.append(i, 1, "a" + i + "v".repeat(400));
            if (i == 6) {
                node.tick(6_000);
                node.tick(60);
            }
        }
        return node;
    }

    @Test
    void appends_are_acknowledged_without_any_sync() throws Exception {
        EngineDriver node = written();
        node.takeAnswers();
        long operations = node.disk.operations();
        node.handle(SESSION, new StorageRequest.Append(P0, 1, Frames.of(P0, 12, 1, "x"), 0));
        node.engine.flush(node.now, (to, answer) -> node.answers.add(answer));
        assertEquals(List.of(new StorageAnswer.Appended(P0, 1, FIRST, 13)), node.takeAnswers());
        assertTrue(node.disk.operations() - operations <= 2, "a write, or a new segment with it");
    }

    @Test
    void a_killed_process_loses_nothing() throws Exception {
        EngineDriver node = written();
        List<String> all = node.read(P0, 1, 0);
        node.disk.closeHandles();
        node = node.reopen("boot-1");
        StorageAnswer.Fenced fenced = assertInstanceOf(StorageAnswer.Fenced.class, node.fence(2));
        assertEquals(FIRST, fenced.incarnation());
        node.reconcile(P0, 2, FIRST, 12);
        assertEquals(all, node.read(P0, 2, 0));
    }

    @Test
    void after_a_loss_of_power_it_is_not_the_log_that_acknowledged() throws Exception {
        for (int seed = 0; seed < 60; seed++) {
            EngineDriver node = written();
            List<String> all = node.read(P0, 1, 0);
            node.disk.losePower(Chance.of(new Random(seed)), 0.5);
            node = node.reopen("boot-2");
            StorageAnswer.Fenced fenced =
                    assertInstanceOf(StorageAnswer.Fenced.class, node.fence(2), "seed " + seed);
            assertEquals(Incarnation.NONE, fenced.incarnation());
            StorageAnswer.Refused refused =
                    assertInstanceOf(
                            StorageAnswer.Refused.class,
                            node.reconcile(P0, 2, FIRST, fenced.logEnd()));
            assertEquals(Refusal.WRONG_INCARNATION, refused.reason());
            // It stays so, also through a start in good order.
            node.close();
            node = node.reopen("boot-2");
            fenced = assertInstanceOf(StorageAnswer.Fenced.class, node.fence(3));
            assertEquals(Incarnation.NONE, fenced.incarnation());
            Incarnation second = Incarnation.of(3, 1);
            StorageAnswer.Fenced kept =
                    assertInstanceOf(
                            StorageAnswer.Fenced.class,
                            node.ask(
                                    SESSION,
                                    new StorageRequest.Assign(P0, 3, second, PAGE_CACHE, true)));
            assertEquals(fenced.logEnd(), kept.logEnd());
            node.reconcile(P0, 3, second, kept.logEnd());
            List<String> left = node.read(P0, 3, 0);
            assertEquals(all.subList(0, left.size()), left, "seed " + seed);
            node.append(kept.logEnd(), 3, "goes on");
            assertEquals(left.size() + 1, node.read(P0, 3, 0).size());
        }
    }

    /** What was committed may be gone with the rest: nothing of it was promised to be synced. */
    @Test
    void so_it_is_where_a_sync_has_failed_before() throws Exception {
        failedSyncAndLossOfPower(false);
    }

    /** The shutdown did not sync the log, which the node had given up. */
    @Test
    void so_it_is_where_a_sync_has_failed_before_a_shutdown() throws Exception {
        failedSyncAndLossOfPower(true);
    }

    private static void failedSyncAndLossOfPower(boolean shutDown) throws Exception {
        for (int seed = 0; seed < 60; seed++) {
            EngineDriver node = written();
            List<String> all = node.read(P0, 1, 0);
            node.handle(SESSION, new StorageRequest.AdvanceHighWatermark(P0, 1, 12));
            node.tick(200);
            node.disk.failSyncs(P0.toString());
            node.tick(6_000);
            node.tick(60);
            node.disk.failSyncs(null);
            assertInstanceOf(StorageAnswer.Faulty.class, node.fence(2));
            if (shutDown) {
                node.close();
            }
            node.disk.losePower(Chance.of(new Random(seed)), 0.5);
            requireWhatIsLeft(node.reopen("boot-2"), all, "seed " + seed);
        }
    }

    @Test
    void so_it_is_where_the_first_start_could_not_look() throws Exception {
        for (int seed = 0; seed < 60; seed++) {
            EngineDriver node = written();
            List<String> all = node.read(P0, 1, 0);
            node.handle(SESSION, new StorageRequest.AdvanceHighWatermark(P0, 1, 12));
            node.tick(200);
            node.disk.losePower(Chance.of(new Random(seed)), 0.5);
            node.disk.faults().fail(Operation.READ, P0.toString());
            node = node.reopen("boot-2");
            assertInstanceOf(StorageAnswer.Refused.class, node.fence(2), "seed " + seed);
            node.tick(6_000);
            node.tick(60);
            node.disk.faults().heal();
            node.disk.closeHandles();
            requireWhatIsLeft(node.reopen("boot-2"), all, "seed " + seed);
        }
    }

    /** The mark of a shutdown in good order does not speak for what the process never had open. */
    @Test
    void so_it_is_where_a_node_that_could_not_look_was_shut_down_before() throws Exception {
        for (int seed = 0; seed < 60; seed++) {
            EngineDriver node = written();
            List<String> all = node.read(P0, 1, 0);
            node.disk.closeHandles();
            node.disk.faults().fail(Operation.READ, P0.toString());
            node = node.reopen("boot-1");
            assertInstanceOf(StorageAnswer.Refused.class, node.fence(2), "seed " + seed);
            node.disk.faults().heal();
            node.close();
            node.disk.losePower(Chance.of(new Random(seed)), 0.5);
            requireWhatIsLeft(node.reopen("boot-2"), all, "seed " + seed);
        }
    }

    /**
     * A start reads a log from the page cache that a failed sync has left there and nowhere else.
     * What a later sync makes of it has to be on the disk.
     */
    @Test
    void what_is_synced_after_a_failed_sync_and_a_start_is_on_the_disk() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            EngineDriver node =
                    written(new EngineDriver(new SimDisk(Chance.of(new Random(seed))), "boot-1"));
            List<String> all = node.read(P0, 1, 0);
            node.handle(SESSION, new StorageRequest.AdvanceHighWatermark(P0, 1, 12));
            node.tick(200);
            node.disk.failSyncs(P0.toString());
            node.tick(6_000);
            node.tick(60);
            node.disk.failSyncs(null);
            node.disk.closeHandles();
            node = node.reopen("boot-1");
            node.fence(2);
            node.tick(6_000);
            node.tick(60);
            node.tick(6_000);
            node.tick(60);
            node.disk.losePower(0);
            requireWhatIsLeft(node.reopen("boot-2"), all, "seed " + seed);
        }
    }

    private static void requireWhatIsLeft(EngineDriver node, List<String> all, String where) {
        StorageAnswer.Fenced fenced =
                assertInstanceOf(StorageAnswer.Fenced.class, node.fence(3), where);
        assertEquals(Incarnation.NONE, fenced.incarnation(), where);
        Incarnation second = Incarnation.of(3, 1);
        node.ask(SESSION, new StorageRequest.Assign(P0, 3, second, PAGE_CACHE, true));
        node.reconcile(P0, 3, second, fenced.logEnd());
        List<String> left = node.read(P0, 3, 0);
        assertEquals(all.subList(0, left.size()), left, where);
    }

    @Test
    void after_a_shutdown_in_good_order_another_boot_does_not_matter() throws Exception {
        EngineDriver node = written();
        node.close();
        node.disk.losePower(0);
        node = node.reopen("boot-2");
        StorageAnswer.Fenced fenced = assertInstanceOf(StorageAnswer.Fenced.class, node.fence(2));
        assertEquals(FIRST, fenced.incarnation());
        assertEquals(12, fenced.logEnd());
    }

    @Test
    void a_clean_shutdown_vouches_for_one_start_only() throws Exception {
        EngineDriver node = written();
        node.close();
        node.disk.closeHandles();
        node = node.reopen("boot-1");
        node.fence(2);
        node.reconcile(P0, 2, FIRST, 12);
        node.append(12, 2, "after");
        node.disk.losePower(0);
        node = node.reopen("boot-2");
        StorageAnswer.Fenced fenced = assertInstanceOf(StorageAnswer.Fenced.class, node.fence(3));
        assertEquals(Incarnation.NONE, fenced.incarnation());
    }

    @Test
    void a_topic_that_becomes_fsync_is_synced_first() throws Exception {
        EngineDriver node = written();
        assertEquals(
                new StorageAnswer.Configured(P0, 1),
                node.ask(SESSION, new StorageRequest.Configure(P0, 1, FSYNC)));
        node.append(12, 1, "in the journal");
        node.disk.losePower(0);
        node = node.reopen("boot-2");
        StorageAnswer.Fenced fenced = assertInstanceOf(StorageAnswer.Fenced.class, node.fence(2));
        assertEquals(FIRST, fenced.incarnation());
        assertEquals(13, fenced.logEnd());
        node.reconcile(P0, 2, FIRST, 13);
        assertEquals(13, node.read(P0, 2, 0).size());
    }

    @Test
    void damage_before_whole_batches_is_not_cut_and_is_said() throws Exception {
        EngineDriver node = new EngineDriver();
        node.ready(EngineDriver.P1, 1, EngineDriver.PAGE_CACHE);
        for (int i = 0; i < 6; i++) {
            node.append(EngineDriver.P1, 1, Frames.of(EngineDriver.P1, i, 1, "page-" + i));
        }
        node.disk.closeHandles();
        String path =
                node.disk.files().stream()
                        .filter(p -> p.contains(EngineDriver.P1 + ".") && p.endsWith(".log"))
                        .findFirst()
                        .orElseThrow();
        byte[] before = node.disk.content(path);
        int at = new String(before, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("page-3");
        node.disk.flipBit(path, 8L * at);
        node = node.reopen("boot-1");
        StorageAnswer answer = node.ask(SESSION, new StorageRequest.Fence(EngineDriver.P1, 2));
        assertEquals(
                StorageAnswer.Fault.CORRUPT,
                assertInstanceOf(StorageAnswer.Faulty.class, answer).fault());
        assertEquals(before.length, node.disk.content(path).length, "the file is as it was");
    }
}
