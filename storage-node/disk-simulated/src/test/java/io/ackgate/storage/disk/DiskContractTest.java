package io.ackgate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ackgate.storage.disk.simulated.SimDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the engine relies on, of the real disk and of the one that fails when told to. */
class DiskContractTest {
    @TempDir Path directory;

    private List<Disk> disks() throws IOException {
        // Two channels only, so that files take them from each other all the time.
        return List.of(new SimDisk(), new FileDisk(directory, 2));
    }

    private static ByteBuffer bytes(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length);
        for (int value : values) {
            bytes.put((byte) value);
        }
        return bytes.flip();
    }

    private static byte[] read(DiskFile file, int length, long position) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(length);
        int read = file.read(target, position);
        assertEquals(read, target.position());
        byte[] content = new byte[read];
        target.get(0, content);
        return content;
    }

    @Test
    void files_hold_what_is_written_where_it_is_written() throws Exception {
        for (Disk disk : disks()) {
            disk.createDirectories("a/b");
            try (DiskFile file = disk.create("a/b/f")) {
                file.write(bytes(1, 2, 3), 0);
                file.write(new ByteBuffer[] {bytes(4), bytes(), bytes(5, 6)}, 3);
                file.write(bytes(9), 1);
                file.sync();
                assertEquals(6, file.size());
                assertArrayEquals(new byte[] {1, 9, 3, 4, 5, 6}, read(file, 6, 0));
                assertArrayEquals(new byte[] {5, 6}, read(file, 10, 4), "up to the end");
                assertArrayEquals(new byte[0], read(file, 1, 6), "nothing behind it");
                file.truncate(2);
                assertArrayEquals(new byte[] {1, 9}, read(file, 10, 0));
            }
        }
    }

    @Test
    void names_come_and_go() throws Exception {
        for (Disk disk : disks()) {
            assertEquals(List.of(), disk.list("none"));
            disk.createDirectories("d/e");
            disk.createDirectories("d/e");
            disk.create("d/z").close();
            disk.create("d/a").close();
            assertThrows(IOException.class, () -> disk.create("d/a"));
            assertThrows(IOException.class, () -> disk.open("d/missing"));
            assertEquals(List.of("a", "e", "z"), disk.list("d"));
            disk.rename("d/z", "d/a");
            disk.syncDirectory("d");
            assertEquals(List.of("a", "e"), disk.list("d"));
            disk.delete("d/a");
            disk.delete("d/a");
            assertFalse(disk.exists("d/a"));
            disk.create("d/e/x").close();
            disk.deleteRecursively("d");
            disk.deleteRecursively("d");
            assertFalse(disk.exists("d"));
        }
    }

    @Test
    void what_cannot_be_reached_is_told_from_what_is_not_there() throws Exception {
        for (Disk disk : disks()) {
            disk.createDirectories("d");
            assertThrows(MissingFileException.class, () -> disk.open("none"));
            assertThrows(MissingFileException.class, () -> disk.rename("none", "other"));
        }
        Disk real = new FileDisk(directory);
        real.createDirectories("sub/x");
        real.create("plain").close();
        assertThrows(UnreachableFileException.class, () -> real.open("sub"));
        assertThrows(UnreachableFileException.class, () -> real.list("plain"));
        assertThrows(UnreachableFileException.class, () -> real.delete("sub"));
        assertThrows(UnreachableFileException.class, () -> real.rename("plain", "sub"));
    }

    @Test
    void many_files_share_few_channels() throws Exception {
        for (Disk disk : disks()) {
            Random random = new Random(3);
            List<DiskFile> files = new ArrayList<>();
            int[] sizes = new int[20];
            for (int i = 0; i < sizes.length; i++) {
                files.add(disk.create("f" + i));
            }
            for (int i = 0; i < 500; i++) {
                int at = random.nextInt(sizes.length);
                files.get(at).write(bytes(at), sizes[at]++);
                if (i % 50 == 0) {
                    files.get(at).sync();
                }
            }
            for (int i = 0; i < sizes.length; i++) {
                byte[] content = read(files.get(i), 1000, 0);
                assertEquals(sizes[i], content.length);
                for (byte b : content) {
                    assertEquals(i, b);
                }
                files.get(i).close();
                DiskFile closed = files.get(i);
                assertThrows(IOException.class, () -> closed.write(bytes(1), 0));
            }
        }
    }

    @Test
    void large_transfers_from_and_to_the_heap_are_whole() throws Exception {
        byte[] content = new byte[5_000_001];
        new Random(4).nextBytes(content);
        for (Disk disk : disks()) {
            try (DiskFile file = disk.create("large")) {
                file.write(ByteBuffer.wrap(content), 0);
                assertArrayEquals(content, read(file, content.length + 1, 0));
            }
        }
    }

    @Test
    void no_space_is_told_from_other_failures() {
        assertInstanceOf(
                DiskFullException.class,
                FileDisk.translated(new IOException("No space left on device"), 1, 1L << 40));
        assertInstanceOf(
                DiskFullException.class,
                FileDisk.translated(new IOException("Disk quota exceeded"), 1, 1L << 40));
        IOException other = new IOException("Input/output error");
        assertSame(other, FileDisk.translated(other, 1, 1L << 40));
        IOException german = new IOException("Auf dem Gerät ist kein Speicherplatz verfügbar");
        assertInstanceOf(
                DiskFullException.class,
                FileDisk.translated(german, 4096, 0),
                "in whatever language it is said");
        assertSame(german, FileDisk.translated(german, 4096, 1L << 40));
    }
}
