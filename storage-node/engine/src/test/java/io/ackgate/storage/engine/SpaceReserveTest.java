package io.ackgate.storage.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.checkpoint.Checkpoint;
import io.ackgate.storage.checkpoint.CheckpointCodec;
import io.ackgate.storage.checkpoint.CheckpointFile;
import io.ackgate.storage.disk.DiskFullException;
import io.ackgate.storage.disk.simulated.SimDisk;
import io.ackgate.storage.journal.JournalPosition;
import io.ackgate.storage.journal.JournalScan;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a start on a full disk can do without. */
class SpaceReserveTest {
    private final SimDisk disk = new SimDisk();

    /** Journal files 3 to 6, of which a checkpoint needs those from {@code first} on. */
    private void journalFrom(long first) throws IOException {
        disk.createDirectories("journal");
        for (long generation = 3; generation <= 6; generation++) {
            disk.create(JournalScan.path(generation)).close();
        }
        CheckpointFile.write(
                disk,
                CheckpointCodec.encode(
                        new Checkpoint(
                                "boot-1",
                                true,
                                0,
                                new JournalPosition(first, 0),
                                4_096,
                                1,
                                1,
                                List.of())));
    }

    private List<Long> generations() throws IOException {
        return JournalScan.generations(disk).stream().sorted().toList();
    }

    @Test
    void where_nothing_can_be_freed_nothing_was() throws IOException {
        assertFalse(SpaceReserve.giveUp(disk), "there is no checkpoint");
        journalFrom(3);
        List<String> before = disk.files();
        assertFalse(SpaceReserve.giveUp(disk));
        assertEquals(before, disk.files());
    }

    @Test
    void the_reserve_goes_and_is_told_of() throws IOException {
        SpaceReserve.make(disk, 10);
        assertTrue(SpaceReserve.giveUp(disk));
        assertFalse(disk.exists("reserve"));
        assertFalse(SpaceReserve.giveUp(disk));
    }

    @Test
    void journal_files_before_the_checkpoint_go_with_its_copy() throws IOException {
        journalFrom(5);
        assertTrue(SpaceReserve.giveUp(disk));
        assertEquals(List.of(5L, 6L), generations());
        assertEquals(1, disk.files().stream().filter(one -> one.startsWith("checkpoint")).count());
    }

    @Test
    void all_of_the_journal_stays_where_no_checkpoint_tells_what_it_needs() throws IOException {
        journalFrom(5);
        disk.delete("checkpoint");
        assertFalse(SpaceReserve.giveUp(disk));
        assertEquals(List.of(3L, 4L, 5L, 6L), generations());
    }

    @Test
    void what_was_begun_of_a_reserve_does_not_stay_without_space_for_all_of_it()
            throws IOException {
        disk.space(1 << 20);
        assertThrows(DiskFullException.class, () -> SpaceReserve.make(disk, 3 << 20));
        assertFalse(disk.exists("reserve"));
        disk.space(Long.MAX_VALUE);
        SpaceReserve.make(disk, 3 << 20);
        assertEquals(3 << 20, disk.content("reserve").length);
    }
}
