package io.ackgate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Few descriptors for many files. */
class OpenChannelsTest {
    private static final int MAX = 32;

    @TempDir Path directory;

    private FileDisk disk;

    @BeforeEach
    void open() throws IOException {
        disk = new FileDisk(directory, MAX);
    }

    private DiskFile create(String name) throws IOException {
        DiskFile file = disk.create(name);
        write(file);
        return file;
    }

    private static void write(DiskFile file) throws IOException {
        file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
    }

    private void awaitAtMost(int files) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (disk.openFiles() > files) {
            assertTrue(System.nanoTime() < deadline, "open: " + disk.openFiles());
            Thread.onSpinWait();
        }
    }

    @Test
    void however_many_files_are_used_few_are_open() throws IOException {
        List<DiskFile> files = new ArrayList<>();
        for (int i = 0; i < 20 * MAX; i++) {
            files.add(create("f" + i));
        }
        awaitAtMost(MAX);
        for (DiskFile file : files) {
            ByteBuffer read = ByteBuffer.allocate(8);
            assertEquals(3, file.read(read, 0));
            file.close();
        }
        awaitAtMost(0);
    }

    @Test
    void the_file_in_use_stays_open_although_it_was_opened_first() throws IOException {
        DiskFile used = create("used");
        used.sync();
        for (int i = 0; i < 4 * MAX; i++) {
            create("f" + i).sync();
            write(used);
            used.sync();
            if (disk.openFiles() > MAX) {
                awaitAtMost(MAX);
            }
        }
        long openings = disk.openings();
        write(used);
        assertEquals(openings, disk.openings());
    }

    @Test
    void a_file_kept_open_is_never_given_up() throws IOException {
        DiskFile kept = create("kept");
        kept.keepOpen();
        for (int i = 0; i < 4 * MAX; i++) {
            create("f" + i);
        }
        awaitAtMost(MAX);
        long openings = disk.openings();
        write(kept);
        assertEquals(openings, disk.openings());
    }

    @Test
    void files_without_unsynced_bytes_go_first() throws IOException {
        List<DiskFile> unsynced = new ArrayList<>();
        for (int i = 0; i < MAX / 2; i++) {
            unsynced.add(create("unsynced" + i));
        }
        for (int i = 0; i < 2 * MAX; i++) {
            create("synced" + i).sync();
            if (disk.openFiles() > MAX) {
                awaitAtMost(MAX);
            }
        }
        long openings = disk.openings();
        for (DiskFile file : unsynced) {
            write(file);
        }
        assertEquals(openings, disk.openings());
    }

    @Test
    void the_limit_of_the_process_is_read_as_the_system_writes_it() {
        String limits =
                """
                Limit                     Soft Limit           Hard Limit           Units
                Max processes             95937                95937                processes
                Max open files            1024                 524288               files
                """;
        assertEquals(1_024, OpenFileLimit.of(limits));
        assertEquals(1 << 18, OpenFileLimit.of("Max open files   unlimited   unlimited   files\n"));
        assertEquals(1_024, OpenFileLimit.of("something else"));
        assertTrue(OpenFileLimit.ofDisk() >= 32);
    }
}
