package io.ackgate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.disk.simulated.WatchedChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Syncs, which nobody sees who only reads the files again. */
class FileDiskTest {
    private static final int MAX_OPEN = 16;

    @TempDir Path directory;

    private FileDisk disk;

    /** Names of what was forced, in that order. */
    private final Queue<String> forced = new ConcurrentLinkedQueue<>();

    private volatile boolean forceFails;

    private volatile Meanwhile whileForcing = () -> {};

    private interface Meanwhile {
        void run() throws IOException;
    }

    /** Names of what cannot be opened; the system's words for it. */
    private final Map<String, String> unopenable = new ConcurrentHashMap<>();

    @BeforeEach
    void open() throws IOException {
        disk = new FileDisk(directory, MAX_OPEN, this::watched);
    }

    private FileChannel watched(Path path, OpenOption... how) throws IOException {
        String why = unopenable.get(path.getFileName().toString());
        if (why != null) {
            throw new IOException(why);
        }
        return new WatchedChannel(
                FileChannel.open(path, how),
                () -> {
                    forced.add(path.getFileName().toString());
                    whileForcing.run();
                    if (forceFails) {
                        throw new IOException("simulated: cannot force " + path);
                    }
                });
    }

    private List<String> forced() {
        return List.copyOf(forced);
    }

    @Test
    void a_sync_of_a_file_forces_it() throws Exception {
        try (DiskFile file = disk.create("f")) {
            file.write(ByteBuffer.allocate(10), 0);
            assertEquals(List.of(), forced(), "a write alone costs no sync");
            file.sync();
            assertEquals(List.of("f"), forced());
            file.write(ByteBuffer.allocate(10), 10);
            file.sync();
            assertEquals(List.of("f", "f"), forced());
        }
    }

    @Test
    void a_sync_of_a_directory_forces_it() throws Exception {
        disk.createDirectories("d");
        disk.create("d/f").close();
        disk.syncDirectory("d");
        assertEquals(List.of("d"), forced());
    }

    @Test
    void whoever_syncs_hears_that_it_failed() throws Exception {
        disk.createDirectories("d");
        try (DiskFile file = disk.create("f")) {
            forceFails = true;
            assertThrows(IOException.class, file::sync);
            assertThrows(IOException.class, () -> disk.syncDirectory("d"));
        }
    }

    private UnreachableFileException unreachable(String name) {
        return assertThrows(UnreachableFileException.class, () -> disk.open(name));
    }

    @Test
    void what_keeps_one_file_from_being_opened_is_told_from_what_keeps_all() throws Exception {
        disk.create("f").close();
        unopenable.put("f", "Eingabe-/Ausgabefehler");
        assertTrue(UnreachableFileException.isOfOneFile(unreachable("f")));
        unopenable.put("f", "Too many open files");
        assertInstanceOf(UnreachableDiskException.class, unreachable("f"));
        unopenable.put("f", "Zu viele offene Dateien");
        unopenable.put(directory.getFileName().toString(), "Zu viele offene Dateien");
        assertInstanceOf(
                UnreachableDiskException.class,
                unreachable("f"),
                "in whatever language, nothing can be opened");
    }

    private List<DiskFile> moreThanMayBeOpen() throws IOException {
        List<DiskFile> files = new ArrayList<>();
        for (int i = 0; i < 4 * MAX_OPEN; i++) {
            DiskFile file = disk.create("f" + i);
            file.write(ByteBuffer.allocate(1), 0);
            files.add(file);
        }
        return files;
    }

    private void await(int forces) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (forced.size() < forces) {
            assertTrue(System.nanoTime() - deadline < 0, "forced: " + forced);
            Thread.onSpinWait();
        }
    }

    @Test
    void what_was_written_is_forced_before_its_file_is_closed_for_another() throws Exception {
        moreThanMayBeOpen();
        await(3 * MAX_OPEN);
    }

    @Test
    void a_sync_that_failed_while_nobody_asked_is_told_to_whoever_syncs_next() throws Exception {
        forceFails = true;
        List<DiskFile> files = moreThanMayBeOpen();
        // One after the other: when the second is forced, the first is done with.
        await(2);
        forceFails = false;
        DiskFile first = files.get(Integer.parseInt(forced().get(0).substring(1)));
        assertThrows(IOException.class, first::sync);
        assertThrows(IOException.class, first::sync, "for as long as the file is open");
        first.close();
        try (DiskFile again = disk.open(forced().get(0))) {
            assertThrows(IOException.class, again::sync, "and to whoever opens it again");
        }
    }

    @Test
    void a_sync_that_failed_is_told_through_every_handle_until_the_file_is_another()
            throws Exception {
        try (DiskFile file = disk.create("f")) {
            DiskFile second = disk.open("f");
            file.write(ByteBuffer.allocate(1), 0);
            forceFails = true;
            assertThrows(IOException.class, file::sync);
            forceFails = false;
            second.truncate(0);
            assertThrows(IOException.class, second::sync);
            second.close();
        }
        disk.delete("f");
        try (DiskFile another = disk.create("f")) {
            another.sync();
        }
    }

    @Test
    void a_file_that_could_not_be_opened_has_no_failed_sync() throws Exception {
        try (DiskFile file = disk.create("f")) {
            unopenable.put("f", "Too many open files");
            assertThrows(UnreachableDiskException.class, file::sync);
            unopenable.clear();
            file.sync();
        }
    }

    @Test
    void what_is_written_while_a_file_is_synced_is_synced_before_it_is_closed() throws Exception {
        FileDiskFile file = (FileDiskFile) disk.create("f");
        file.write(ByteBuffer.allocate(1), 0);
        whileForcing =
                () -> {
                    whileForcing = () -> {};
                    file.write(ByteBuffer.allocate(1), 1);
                };
        assertFalse(file.giveUpChannel(), "it stays open");
        assertTrue(file.giveUpChannel());
        assertEquals(List.of("f", "f"), forced());
        file.close();
    }

    @Test
    void pieces_of_work_stand_side_by_side_and_all_are_run() {
        CountDownLatch both = new CountDownLatch(2);
        AtomicInteger run = new AtomicInteger();
        Runnable waitsForTheOther =
                () -> {
                    both.countDown();
                    try {
                        run.addAndGet(both.await(10, TimeUnit.SECONDS) ? 1 : 100);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                };
        Runnable fails =
                () -> {
                    throw new IllegalStateException("simulated");
                };
        CompletionException failure =
                assertThrows(
                        CompletionException.class,
                        () -> disk.runAll(List.of(fails, waitsForTheOther, waitsForTheOther)));
        assertEquals("simulated", Objects.requireNonNull(failure.getCause()).getMessage());
        assertEquals(2, run.get());
    }
}
