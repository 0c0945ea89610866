package io.ackgate.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.disk.simulated.SimDisk;
import io.ackgate.storage.engine.EngineSettings;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A journal file that cannot be made keeps neither a descriptor nor space. */
class UnmadeJournalFileTest {
    private static final JournalSettings SETTINGS = EngineSettings.SMALL.journal();

    private final SimDisk disk = new SimDisk();

    @BeforeEach
    void a_directory() throws Exception {
        disk.createDirectories(JournalFile.DIRECTORY);
    }

    private NextJournalFile prepared() {
        NextJournalFile file = new NextJournalFile(disk, SETTINGS, 1, null);
        file.run();
        return file;
    }

    private void requireNothingLeft(long space) {
        assertEquals(0, disk.openFiles());
        assertEquals(List.of(), disk.files());
        assertEquals(space, disk.freeSpace());
    }

    @Test
    void one_for_which_there_is_no_space_gives_back_what_there_was() {
        int space = SETTINGS.fileBytes() / 2;
        disk.space(space);
        for (int i = 0; i < 3; i++) {
            assertTrue(prepared().failed());
            requireNothingLeft(space);
        }
        disk.space(SETTINGS.fileBytes());
        assertNotNull(prepared().result(), "space is there again");
    }

    @Test
    void so_does_one_that_cannot_be_synced() {
        disk.space(SETTINGS.fileBytes());
        for (int syncs = 0; syncs < 2; syncs++) {
            disk.failSyncsAfter(syncs);
            assertTrue(prepared().failed());
            requireNothingLeft(SETTINGS.fileBytes());
        }
    }

    @Test
    void so_do_the_first_two_whatever_fails() throws Exception {
        int space = 2 * SETTINGS.firstFileBytes();
        for (int syncs = 0; syncs < 5; syncs++) {
            disk.space(space);
            disk.failSyncsAfter(syncs);
            assertThrows(IOException.class, () -> FirstFiles.make(disk, SETTINGS, List.of()));
            disk.failSyncsAfter(Long.MAX_VALUE);
            assertEquals(0, disk.openFiles(), "after " + syncs + " syncs");
            for (String path : disk.files()) {
                disk.delete(path);
            }
            assertEquals(space, disk.freeSpace());
        }
        disk.space(space - 1);
        assertThrows(IOException.class, () -> FirstFiles.make(disk, SETTINGS, List.of()));
        requireNothingLeft(space - 1);
    }
}
