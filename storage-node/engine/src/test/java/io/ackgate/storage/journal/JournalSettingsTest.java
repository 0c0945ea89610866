package io.ackgate.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class JournalSettingsTest {
    private static void refused(int fileBytes, int blockBytes, int keptFiles, int groupBytes) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new JournalSettings(fileBytes, blockBytes, 64, keptFiles, groupBytes));
    }

    @Test
    void the_least_of_everything_is_allowed() {
        JournalSettings least = new JournalSettings(256, 64, 64, 2, 64);
        assertEquals(64, least.maxFrameBytes(), "a quarter of a file");
        assertEquals(256, least.firstFileBytes());
    }

    @Test
    void less_is_not() {
        refused(256, 32, 2, 64);
        refused(192, 64, 2, 64);
        refused(256, 64, 1, 64);
        refused(256, 64, 2, 63);
    }

    @Test
    void a_block_is_a_power_of_two_and_a_file_is_made_of_whole_blocks() {
        refused(960, 96, 2, 96);
        refused(288, 64, 2, 64);
    }
}
