package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.KnownProducers;
import io.ackgate.storage.api.ProducerEntry;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.ReplicaStatus;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Old segments go; what they were needed for does not. */
class RetentionTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);
    private static final long HOUR = 3_600_000;

    private static ReplicaSettings settings(long millis, long bytes) {
        return new ReplicaSettings(Durability.FSYNC, 2048, 1_000 * HOUR, millis, bytes, 24 * HOUR);
    }

    private static EngineDriver written(ReplicaSettings settings) throws Exception {
        EngineDriver node = new EngineDriver();
        node.ready(P0, 1, settings);
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

    private static void advance(EngineDriver node, long highWatermark) {
        node.handle(SESSION, new StorageRequest.AdvanceHighWatermark(P0, 1, highWatermark));
    }

    private static ReplicaStatus status(EngineDriver node) {
        ReplicaStatus status = node.engine.describe(P0);
        assertNotNull(status);
        return status;
    }

    private static void passes(EngineDriver node, long millis) {
        for (int i = 0; i < 8; i++) {
            node.tick(millis / 8);
        }
    }

    @Test
    void retention_never_passes_the_high_watermark() throws Exception {
        EngineDriver node = written(settings(HOUR, 100));
        passes(node, 10 * HOUR);
        assertEquals(0, status(node).logStart());
        advance(node, 9);
        passes(node, 10 * HOUR);
        long start = status(node).logStart();
        assertTrue(start > 0 && start <= 9, "log start " + start);
    }

    @Test
    void size_keeps_what_fits_and_age_takes_the_rest() throws Exception {
        EngineDriver node = written(settings(HOUR, 4096));
        advance(node, 20);
        passes(node, 8_000);
        long start = status(node).logStart();
        assertTrue(start > 0 && start < 20, "log start " + start);
        assertTrue(status(node).bytes() >= 4096, "bytes " + status(node).bytes());
        assertEquals(
                StorageAnswer.ReadStatus.OUT_OF_RANGE, node.readOnce(P0, 1, start - 1).status());
        assertEquals(20 - start, node.read(P0, 1, start).size());
        passes(node, 3 * HOUR);
        assertEquals(20, status(node).logStart(), "also the segment that was growing");
    }

    @Test
    void an_emptied_log_goes_on_where_it_ended() throws Exception {
        EngineDriver node = written(settings(HOUR, -1));
        advance(node, 20);
        passes(node, 3 * HOUR);
        node.fence(2);
        node.reconcile(P0, 2, FIRST, 20);
        assertEquals(new StorageAnswer.Appended(P0, 2, FIRST, 21), node.append(20, 2, "next"));
        node.disk.losePower(0);
        node = node.reopen("boot-2");
        assertEquals(List.of(), node.engine.notes());
        assertEquals(
                new StorageAnswer.Fenced(P0, 3, FIRST, 20, 21, 20, EpochChain.EMPTY.append(2, 20)),
                node.fence(3));
    }

    @Test
    void a_producer_outlives_its_last_record() throws Exception {
        EngineDriver node = written(settings(HOUR, -1));
        advance(node, 20);
        passes(node, 3 * HOUR);
        ReplicaStatus status = status(node);
        assertEquals(20, status.logStart());
        List<ProducerEntry> before = producers(node, 1);
        assertEquals(2, before.size());
        for (int crash = 0; crash < 2; crash++) {
            node.disk.losePower(0);
            node = node.reopen("boot-" + (2 + crash));
            node.fence(2 + crash);
            node.reconcile(P0, 2 + crash, FIRST, 20);
            List<ProducerEntry> after = producers(node, 2 + crash);
            assertEquals(before.size(), after.size());
            for (int i = 0; i < before.size(); i++) {
                assertEquals(before.get(i).producerId(), after.get(i).producerId());
                assertEquals(before.get(i).batches(), after.get(i).batches());
            }
        }
    }

    @Test
    void a_log_that_begins_further_on_knows_the_producers_from_below() throws Exception {
        EngineDriver node = new EngineDriver();
        node.ready(P0, 1, settings(HOUR, -1));
        node.tick(48 * HOUR);
        node.fence(2);
        ProducerEntry silent =
                new ProducerEntry(
                        77, (short) 3, false, 0, List.of(new ProducerEntry.Batch(4, 5, 8, 2, 6)));
        assertEquals(
                new StorageAnswer.Reconciled(P0, 2, FIRST, 100),
                node.ask(
                        SESSION,
                        new StorageRequest.TruncateFullyAndStartAt(
                                P0, 2, FIRST, 100, new KnownProducers(5, List.of(silent)))));
        node.append(100, 2, "after it");
        for (int epoch = 2; epoch < 5; epoch++) {
            node.tick(300);
            List<ProducerEntry> known = producers(node, epoch);
            assertEquals(1, known.size(), "this node's clock has no say");
            assertEquals(77, known.get(0).producerId());
            assertEquals(silent.batches(), known.get(0).batches());
            node.disk.losePower(0);
            long now = node.now;
            node = node.reopen("boot-" + epoch);
            node.now = now;
            assertEquals(List.of(), node.engine.notes());
            node.fence(epoch + 1);
            node.reconcile(P0, epoch + 1, FIRST, 101);
        }
    }

    /** What has expired is known by its last batch only. */
    @Test
    void a_producer_expires_by_the_time_of_the_log_and_not_by_the_clock_of_a_node()
            throws Exception {
        EngineDriver node = written(settings(-1, -1));
        passes(node, 10_000 * HOUR);
        assertEquals(5, windowOf5(node));
        node.append(P0, 1, of78(20, 24 * HOUR));
        passes(node, HOUR);
        assertEquals(5, windowOf5(node), "silent for as long as it may be");
        node.append(P0, 1, of78(21, 24 * HOUR + 1));
        passes(node, HOUR);
        assertEquals(1, windowOf5(node));
        assertEquals(3, producers(node, 1).size(), "that they wrote stays known");
        node.disk.losePower(0);
        node = node.reopen("boot-2");
        node.fence(2);
        node.reconcile(P0, 2, FIRST, 22);
        assertEquals(24 * HOUR + 1, producers(node, 2).get(2).lastAppendMillis());
    }

    private static ByteBuffer of78(long offset, long appendMillis) {
        return Frames.builder(P0, offset, 1, 5, "b" + offset)
                .producer(78, 0, (int) offset - 20)
                .appendedAt(appendMillis)
                .stamp();
    }

    private static int windowOf5(EngineDriver node) {
        return producers(node, 1).stream()
                .filter(entry -> entry.producerId() == 5)
                .findFirst()
                .orElseThrow()
                .batches()
                .size();
    }

    static List<ProducerEntry> producers(EngineDriver node, int epoch) {
        StorageAnswer answer = node.ask(SESSION, new StorageRequest.ReadProducers(P0, epoch, 3));
        return assertInstanceOf(StorageAnswer.Producers.class, answer).known().entries();
    }

    private static EngineDriver withRecordsOf(long timestamp) throws Exception {
        EngineDriver node = new EngineDriver();
        node.ready(P0, 1, settings(HOUR, -1));
        for (int i = 0; i < 20; i++) {
            String value = "a" + i + "v".repeat(400);
            node.append(P0, 1, Frames.builder(P0, i, 1, timestamp, value).stamp());
        }
        advance(node, 20);
        return node;
    }

    @Test
    void a_segment_ends_by_its_age_so_that_a_trickle_does_not_keep_its_first_record()
            throws Exception {
        EngineDriver node = new EngineDriver();
        node.ready(P0, 1, new ReplicaSettings(Durability.FSYNC, 1 << 20, HOUR, 4 * HOUR, -1, HOUR));
        for (int i = 0; i < 100; i++) {
            node.append(P0, 1, Frames.builder(P0, i, 1, node.now, "a" + i).stamp());
            advance(node, i + 1);
            node.tick(HOUR / 10);
        }
        long start = status(node).logStart();
        assertTrue(start > 40 && start <= 60, "log start " + start);
    }

    @Test
    void records_are_as_old_as_they_say() throws Exception {
        EngineDriver node = withRecordsOf(0);
        passes(node, HOUR - 1_100_000);
        assertEquals(0, status(node).logStart());
        passes(node, 200_000);
        assertEquals(20, status(node).logStart(), "although they were appended less than that ago");
    }

    @Test
    void a_timestamp_of_the_future_keeps_nothing_for_ever() throws Exception {
        EngineDriver node = withRecordsOf(1_000_000 + 1_000_000 * HOUR);
        passes(node, HOUR / 2);
        assertEquals(0, status(node).logStart());
        passes(node, HOUR);
        assertEquals(20, status(node).logStart());
    }

    @Test
    void age_does_not_begin_anew_with_a_start() throws Exception {
        EngineDriver node = withRecordsOf(1_000_000 + HOUR);
        passes(node, HOUR / 2);
        node.close();
        long now = node.now;
        node = node.reopen("boot-1");
        node.now = now;
        passes(node, 3 * HOUR / 4);
        assertEquals(20, status(node).logStart());
    }

    @Test
    void while_the_clocks_disagree_the_earlier_one_deletes() throws Exception {
        EngineDriver node = written(settings(HOUR, -1));
        advance(node, 20);
        for (int i = 0; i < 8; i++) {
            node.now += 1_000;
            long late = node.now + 200 * HOUR;
            node.engine.tick(new NodeTime(node.now * 1_000_000, node.now, late), (to, what) -> {});
            node.settle();
        }
        assertEquals(0, status(node).logStart());
        assertEquals(2, status(node).producers());
        passes(node, 2 * HOUR);
        assertEquals(20, status(node).logStart());
    }

    @Test
    void without_limits_everything_stays() throws Exception {
        EngineDriver node = written(settings(-1, -1));
        advance(node, 20);
        passes(node, 10_000 * HOUR);
        assertEquals(0, status(node).logStart());
        assertEquals(20, node.read(P0, 1, 0).size());
    }
}
