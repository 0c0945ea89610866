package io.ackgate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the file is for a message only. */
class DirectoryLockFileTest {
    private static final String ME = Long.toString(ProcessHandle.current().pid());

    /** A file that can be opened, and of which each write finds no space. */
    private static final Path FULL = Path.of("/dev/full");

    @TempDir Path directory;
    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve(DirectoryLock.FILE);
    }

    @Test
    void the_file_names_the_process() throws Exception {
        try (DirectoryLock _ = DirectoryLock.lock(directory)) {
            assertEquals(ME, Files.readString(file).strip());
        }
    }

    /** The file keeps the space that it has: another process may take what it lets go. */
    @Test
    void the_file_has_the_same_length_whoever_has_it() throws Exception {
        for (String before : new String[] {"", "1", "12345678901234567890", "x".repeat(5_000)}) {
            Files.writeString(file, before);
            try (DirectoryLock _ = DirectoryLock.lock(directory)) {
                assertEquals(20, Files.size(file));
                assertEquals(ME, Files.readString(file).strip());
            }
        }
    }

    @Test
    void a_full_disk_does_not_stand_in_the_way() throws Exception {
        assumeTrue(Files.exists(FULL), "a file without space is only on Linux");
        Files.createSymbolicLink(file, FULL);
        try (DirectoryLock _ = DirectoryLock.lock(directory)) {
            IOException told = assertThrows(IOException.class, () -> DirectoryLock.lock(directory));
            assertTrue(told.toString().contains("is in use by process"), told.toString());
        }
        DirectoryLock.lock(directory).close();
    }
}
