package io.ackgate.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.simulated.Chance;
import io.ackgate.storage.disk.simulated.CountingDisk;
import io.ackgate.storage.disk.simulated.DiskFaults.Operation;
import io.ackgate.storage.disk.simulated.SimDisk;
import io.ackgate.storage.engine.EngineSettings;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NextJournalFileTest {
    private static final int MEBIBYTES = 5;

    @Test
    void a_new_file_is_synced_in_pieces_that_a_slow_disk_is_soon_done_with() throws Exception {
        CountingDisk disk = new CountingDisk(new SimDisk());
        disk.createDirectories(JournalFile.DIRECTORY);
        JournalSettings defaults = JournalSettings.DEFAULTS;
        JournalSettings settings =
                new JournalSettings(
                        MEBIBYTES << 20,
                        defaults.blockBytes(),
                        defaults.chunkBytes(),
                        defaults.keptFiles(),
                        defaults.groupBytes());
        NextJournalFile next = new NextJournalFile(disk, settings, 3, null);
        next.run();
        assertFalse(next.failed());
        assertEquals(MEBIBYTES, disk.syncs().size());
        assertEquals(1, disk.directorySyncs().size());
    }

    private static final JournalSettings SMALL = EngineSettings.SMALL.journal();

    private static SimDisk diskWithFile(long generation, int bytes) throws Exception {
        return diskWithFile(new SimDisk(), generation, bytes);
    }

    private static SimDisk diskWithFile(SimDisk disk, long generation, int bytes) throws Exception {
        disk.createDirectories(JournalFile.DIRECTORY);
        try (DiskFile file = disk.create(JournalFile.path(generation))) {
            file.write(ByteBuffer.allocate(bytes), 0);
        }
        return disk;
    }

    private static void requireWhole(SimDisk disk, NextJournalFile next) throws Exception {
        assertFalse(next.failed(), "" + next.failure());
        assertNotNull(next.result());
        assertEquals(List.of(), next.leftOver());
        assertEquals(List.of(JournalFile.path(3)), disk.files());
        assertEquals(SMALL.fileBytes(), disk.content(JournalFile.path(3)).length);
    }

    @Test
    void a_file_that_is_not_needed_any_more_is_used_again_as_it_stands() throws Exception {
        SimDisk disk = diskWithFile(1, SMALL.fileBytes());
        disk.faults().fail(Operation.CREATE, "");
        disk.faults().fail(Operation.DELETE, "");
        NextJournalFile next = new NextJournalFile(disk, SMALL, 3, 1L);
        next.run();
        requireWhole(disk, next);
    }

    @Test
    void one_of_another_size_is_deleted_and_a_new_one_made() throws Exception {
        SimDisk disk = diskWithFile(1, SMALL.fileBytes() / 2);
        NextJournalFile next = new NextJournalFile(disk, SMALL, 3, 1L);
        next.run();
        requireWhole(disk, next);
    }

    @Test
    void what_a_preparation_that_did_not_end_has_left_is_in_nobodys_way() throws Exception {
        SimDisk disk = diskWithFile(3, 2 * SMALL.fileBytes());
        NextJournalFile next = new NextJournalFile(disk, SMALL, 3, null);
        next.run();
        requireWhole(disk, next);
    }

    @Test
    void a_file_that_could_not_be_deleted_is_still_to_be() throws Exception {
        SimDisk disk = diskWithFile(1, SMALL.fileBytes());
        disk.faults().fail(Operation.DELETE, "");
        NextJournalFile next = new NextJournalFile(disk, SMALL, -1, 1L);
        next.run();
        assertTrue(next.failed());
        assertEquals(List.of(1L), next.leftOver());
        disk.faults().heal();
        next = new NextJournalFile(disk, SMALL, -1, 1L);
        next.run();
        assertEquals(List.of(), next.leftOver());
        assertEquals(List.of(), disk.files());
    }

    /** A disk that gives up the descriptors of some of its files when there are too few. */
    private static SimDisk takingDescriptors() {
        return new SimDisk(Chance.of(new Random(1)));
    }

    /** The journal cannot wait for a descriptor that was given up for others. */
    private static void requireKeptOpen(SimDisk disk, NextJournalFile next) throws Exception {
        next.run();
        DiskFile file = Objects.requireNonNull(next.result()).file();
        file.sync();
        for (int shortage = 0; shortage < 30; shortage++) {
            disk.setOutOfDescriptors(true);
            assertEquals(SMALL.fileBytes(), file.size());
            disk.setOutOfDescriptors(false);
        }
    }

    @Test
    void a_new_file_keeps_its_descriptor() throws Exception {
        SimDisk disk = takingDescriptors();
        disk.createDirectories(JournalFile.DIRECTORY);
        requireKeptOpen(disk, new NextJournalFile(disk, SMALL, 3, null));
    }

    @Test
    void so_does_one_that_is_used_again() throws Exception {
        SimDisk disk = diskWithFile(takingDescriptors(), 1, SMALL.fileBytes());
        requireKeptOpen(disk, new NextJournalFile(disk, SMALL, 3, 1L));
    }
}
