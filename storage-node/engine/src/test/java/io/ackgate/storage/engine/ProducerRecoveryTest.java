package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.ProducerEntry;
import io.ackgate.storage.disk.simulated.Chance;
import io.ackgate.storage.disk.simulated.SimulatedCrash;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The producer table is what the log says, whatever happened to the node. */
class ProducerRecoveryTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);

    /** Ten producers in turn; the first one's sequences wrap. */
    private static void append(EngineDriver node, int epoch, long offset) {
        long producer = offset % 10;
        int round = (int) (offset / 10);
        int first = producer == 0 ? Integer.MAX_VALUE - 3 + 2 * round : 2 * round;
        node.append(
                P0,
                epoch,
                Frames.builder(P0, 2 * offset, epoch, 0, "v".repeat(120), "w")
                        .producer(producer, 0, first & Integer.MAX_VALUE)
                        .stamp());
    }

    private static List<String> table(EngineDriver node, int epoch) {
        List<String> lines = new ArrayList<>();
        for (ProducerEntry entry : RetentionTest.producers(node, epoch)) {
            lines.add(entry.producerId() + "/" + entry.producerEpoch() + " " + entry.batches());
        }
        lines.sort(null);
        return lines;
    }

    private static EngineDriver written(int batches) throws Exception {
        EngineDriver node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        for (int i = 0; i < batches; i++) {
            append(node, 1, i);
            if (i % 17 == 0) {
                node.tick(2_000);
            }
        }
        return node;
    }

    @Test
    void it_is_the_same_after_any_stop() throws Exception {
        for (int batches : new int[] {1, 30, 85}) {
            EngineDriver node = written(batches);
            List<String> wanted = table(node, 1);
            assertEquals(Math.min(10, batches), wanted.size());
            for (int seed = 0; seed < 5; seed++) {
                node.disk.losePower(Chance.of(new Random(seed)), 0.5);
                node = node.reopen("boot-" + seed);
                node.fence(2 + seed);
                node.reconcile(P0, 2 + seed, FIRST, 2L * batches);
                assertEquals(wanted, table(node, 2 + seed));
            }
            node.close();
            node.disk.closeHandles();
            node = node.reopen("boot-9");
            node.fence(20);
            node.reconcile(P0, 20, FIRST, 2L * batches);
            assertEquals(wanted, table(node, 20));
        }
    }

    @Test
    void a_cut_rolls_it_back_to_what_it_was_there() throws Exception {
        for (int keep = 0; keep <= 60; keep += 5) {
            List<String> wanted = keep == 0 ? List.of() : table(written(keep), 1);
            EngineDriver node = written(60);
            node.fence(2);
            node.reconcile(P0, 2, FIRST, 2L * keep);
            assertEquals(wanted, table(node, 2), "cut at " + 2 * keep);
            // And on the other history that takes its place the old snapshots have no say.
            for (int i = keep; i < 40 + keep; i++) {
                append(node, 2, i);
            }
            List<String> after = table(node, 2);
            node.disk.losePower(Chance.of(new Random(keep)), 0.5);
            node = node.reopen("boot-2");
            node.fence(3);
            node.reconcile(P0, 3, FIRST, 2L * (40 + keep));
            assertEquals(after, table(node, 3));
        }
    }

    @Test
    void a_snapshot_that_was_not_synced_or_is_damaged_is_done_without() throws Exception {
        EngineDriver node = written(60);
        List<String> wanted = table(node, 1);
        List<String> snapshots =
                node.disk.files().stream().filter(f -> f.endsWith(".producers")).toList();
        assertTrue(snapshots.size() >= 2, snapshots.toString());
        for (String snapshot : snapshots) {
            node.disk.flipBit(snapshot, 8 * 30);
        }
        node.disk.closeHandles();
        node = node.reopen("boot-1");
        node.fence(2);
        node.reconcile(P0, 2, FIRST, 120);
        assertEquals(wanted, table(node, 2));
    }

    @Test
    void a_crash_while_snapshots_are_written_loses_nothing() throws Exception {
        long from = written(60).disk.operations();
        for (int at = 1; at < 40; at++) {
            EngineDriver node = written(60);
            List<String> wanted = table(node, 1);
            node.disk.crashAt(from + at);
            try {
                node.tick(6_000);
                node.tick(60);
            } catch (SimulatedCrash expected) {
                // Somewhere in a checkpoint.
            }
            node.disk.losePower(Chance.of(new Random(at)), 0.5);
            node = node.reopen("boot-2");
            node.fence(2);
            node.reconcile(P0, 2, FIRST, 120);
            assertEquals(wanted, table(node, 2), "crash at " + at);
        }
    }
}
