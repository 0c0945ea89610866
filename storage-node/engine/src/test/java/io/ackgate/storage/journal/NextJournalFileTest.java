package io.ackgate.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ackgate.storage.disk.simulated.CountingDisk;
import io.ackgate.storage.disk.simulated.SimDisk;
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
}
