package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.PAGE_CACHE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.checkpoint.CheckpointFile;
import io.ackgate.storage.disk.UnreachableFileException;
import io.ackgate.storage.disk.simulated.Chance;
import io.ackgate.storage.disk.simulated.DiskFaults.Operation;
import io.ackgate.storage.disk.simulated.SimDisk;
import io.ackgate.storage.disk.simulated.SimulatedCrash;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A checkpoint that is damaged or gone costs nothing: there is another of the same content. */
class CheckpointCopyTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);
    private static final String CHECKPOINT = "checkpoint";
    private static final String COPY = "checkpoint.copy";

    /** Records before a checkpoint and after it. */
    private static EngineDriver written(ReplicaSettings settings) throws Exception {
        EngineDriver node = new EngineDriver();
        node.ready(P0, 1, settings);
        append(node, 0, 8);
        node.tick(6_000);
        node.tick(60);
        append(node, 8, 12);
        node.tick(60);
        return node;
    }

    private static void append(EngineDriver node, int from, int to) {
        for (int i = from; i < to; i++) {
            node.append(i, 1, "v" + i + "w".repeat(400));
        }
    }

    private static StorageAnswer.Fenced fenced(StorageAnswer answer) {
        return assertInstanceOf(StorageAnswer.Fenced.class, answer);
    }

    private static EngineDriver afterPowerLoss(EngineDriver node, String boot, String... lost)
            throws Exception {
        node.disk.losePower(0);
        for (String path : lost) {
            node.disk.delete(path);
        }
        return node.reopen(boot);
    }

    @ParameterizedTest
    @ValueSource(strings = {CHECKPOINT, COPY})
    void one_of_the_two_suffices(String damaged) throws Exception {
        EngineDriver node = written(FSYNC);
        for (int bit = 0; bit < node.disk.content(damaged).length * 8; bit += 97) {
            node.disk.flipBit(damaged, bit);
            EngineDriver again = afterPowerLoss(node, "boot-" + bit);
            StorageAnswer.Fenced fenced = fenced(again.fence(2 + bit));
            assertEquals(FIRST, fenced.incarnation());
            assertEquals(12, fenced.logEnd());
            assertEquals(damaged.equals(CHECKPOINT) ? 1 : 0, again.engine.notes().size());
            assertArrayEquals(again.disk.content(CHECKPOINT), again.disk.content(COPY));
            node = again;
        }
    }

    @Test
    void one_that_is_deleted_is_no_loss_either() throws Exception {
        EngineDriver node = written(FSYNC);
        EngineDriver again = afterPowerLoss(node, "boot-2", CHECKPOINT);
        assertEquals(
                new StorageAnswer.Fenced(P0, 2, FIRST, 0, 12, 0, EpochChain.EMPTY.append(1, 0)),
                again.fence(2));
        assertEquals(
                List.of("the checkpoint is lost or damaged: its copy is used, and nothing is lost"),
                again.engine.notes());
    }

    @Test
    void without_both_nobody_knows_what_was_promised() throws Exception {
        EngineDriver node = written(FSYNC);
        node.disk.flipBit(COPY, 100);
        assertInstanceOf(
                StorageAnswer.Missing.class, afterPowerLoss(node, "boot-2", CHECKPOINT).fence(2));
    }

    @Test
    void the_copy_of_a_clean_stop_does_not_outlive_the_start_after_it() throws Exception {
        EngineDriver node = written(PAGE_CACHE);
        node.close();
        node = node.reopen("boot-1");
        node = afterPowerLoss(node, "boot-2", CHECKPOINT);
        assertEquals(Incarnation.NONE, fenced(node.fence(2)).incarnation());
    }

    @Test
    void where_there_is_space_for_one_only_there_is_no_older_copy() throws Exception {
        SimDisk disk = new SimDisk();
        CheckpointFile.write(disk, new byte[100]);
        assertArrayEquals(disk.content(CHECKPOINT), disk.content(COPY));
        disk.space(150);
        CheckpointFile.write(disk, new byte[101]);
        assertEquals(109, disk.content(CHECKPOINT).length);
        assertFalse(disk.exists(COPY), "an older one would be without its journal");
        disk.losePower(0);
        assertFalse(disk.exists(COPY), "nor does it come back");
        disk.space(Long.MAX_VALUE);
        CheckpointFile.write(disk, new byte[102]);
        assertArrayEquals(disk.content(CHECKPOINT), disk.content(COPY));
    }

    @Test
    void one_that_cannot_be_read_at_present_is_no_loss_either() throws Exception {
        EngineDriver node = written(FSYNC);
        node.disk.closeHandles();
        node.disk.faults().failAt(Operation.READ, CHECKPOINT);
        EngineDriver again = node.reopen("boot-1");
        StorageAnswer.Fenced fenced = fenced(again.fence(2));
        assertEquals(FIRST, fenced.incarnation());
        assertEquals(12, fenced.logEnd());
        assertTrue(again.engine.notes().getFirst().contains("its copy is used"));
    }

    @Test
    void while_neither_can_be_read_nothing_is_given_up() throws Exception {
        EngineDriver node = written(FSYNC);
        node.disk.closeHandles();
        node.disk.faults().fail(Operation.READ, CHECKPOINT);
        assertThrows(IOException.class, () -> node.reopen("boot-1"));
        node.disk.faults().failAt(Operation.READ, CHECKPOINT);
        node.disk.flipBit(COPY, 100);
        assertThrows(IOException.class, () -> node.reopen("boot-1"));
        node.disk.faults().heal();
        assertEquals(12, fenced(node.reopen("boot-1").fence(2)).logEnd());
    }

    @Test
    void once_the_checkpoint_is_in_place_nobody_is_told_that_the_disk_was_full() throws Exception {
        SimDisk disk = new SimDisk();
        CheckpointFile.write(disk, new byte[100]);
        disk.space(150);
        disk.faults().fullAt(Operation.DELETE, COPY);
        assertThrows(
                UnreachableFileException.class, () -> CheckpointFile.write(disk, new byte[101]));
        assertEquals(109, disk.content(CHECKPOINT).length);
    }

    /** Whatever a start had space for, the journal that a checkpoint names is there. */
    @Test
    void a_start_that_finds_no_space_for_the_copy_keeps_the_journal_of_the_checkpoint()
            throws Exception {
        int failed = 0;
        for (long space = 0; space < 40_000; space += 60) {
            EngineDriver node = written(FSYNC);
            node.disk.delete("reserve");
            node.disk.closeHandles();
            node.disk.space(space);
            node.disk.faults().fullAt(Operation.DELETE, COPY);
            try {
                node.reopen("boot-1");
            } catch (IOException full) {
                failed++;
            }
            node.disk.faults().heal();
            node.disk.space(Long.MAX_VALUE);
            node.disk.closeHandles();
            EngineDriver again = node.reopen("boot-1");
            assertEquals(List.of(), again.engine.notes(), "space " + space);
            assertEquals(12, fenced(again.fence(2)).logEnd(), "space " + space);
        }
        assertTrue(failed > 10, "starts failed: " + failed);
    }

    /** Killed between the two files, then started on a full disk, and killed again. */
    @Test
    void what_a_start_on_a_full_disk_deletes_an_older_copy_does_not_need() throws Exception {
        EngineDriver sample = longJournal();
        long from = sample.disk.operations();
        sample.tick(6_000);
        sample.tick(60);
        long to = sample.disk.operations();
        int looked = 0;
        for (long stop = from + 1; stop <= to; stop++) {
            for (long again = 1; again < 12; again++) {
                EngineDriver node = longJournal();
                killed(node, stop);
                if (Arrays.equals(node.disk.content(CHECKPOINT), node.disk.content(COPY))) {
                    continue;
                }
                node.disk.space(0);
                node.disk.crashAt(node.disk.operations() + again);
                try {
                    node.reopen("boot-1");
                } catch (SimulatedCrash crash) {
                    // As it is meant to.
                }
                node.disk.closeHandles();
                node.disk.space(Long.MAX_VALUE);
                if (node.disk.exists(COPY)) {
                    node.disk.delete(CHECKPOINT);
                    looked++;
                    String where = "stopped at " + stop + " and " + again;
                    assertEquals(72, fenced(node.reopen("boot-1").fence(2)).logEnd(), where);
                }
            }
        }
        assertTrue(looked > 0, "no start was killed with an older copy");
    }

    private static EngineDriver longJournal() throws Exception {
        EngineDriver node = written(FSYNC);
        append(node, 12, 72);
        return node;
    }

    private static void killed(EngineDriver node, long stop) {
        node.disk.crashAt(stop);
        try {
            node.tick(6_000);
            node.tick(60);
        } catch (SimulatedCrash crash) {
            // As it is meant to.
        }
        node.disk.closeHandles();
    }

    /** The machine stops in the middle of a checkpoint, and one of the files is gone afterwards. */
    @ParameterizedTest
    @ValueSource(strings = {CHECKPOINT, COPY})
    void whenever_power_goes_each_of_the_two_tells_all(String lost) throws Exception {
        EngineDriver sample = written(FSYNC);
        long from = sample.disk.operations();
        sample.tick(6_000);
        sample.tick(60);
        long to = sample.disk.operations();
        assertTrue(to > from + 6, "a checkpoint was made");
        for (long stop = from + 1; stop <= to; stop++) {
            EngineDriver node = written(FSYNC);
            assertEquals(from, node.disk.operations());
            node.disk.crashAt(stop);
            try {
                node.tick(6_000);
                node.tick(60);
            } catch (SimulatedCrash crash) {
                // As it is meant to.
            }
            node.disk.losePower(Chance.of(new Random(stop)), 0.5);
            node.disk.delete(lost);
            EngineDriver again = node.reopen("boot-2");
            StorageAnswer.Fenced fenced = fenced(again.fence(2));
            assertEquals(FIRST, fenced.incarnation(), "stopped at " + stop);
            assertEquals(12, fenced.logEnd(), "stopped at " + stop);
        }
    }
}
