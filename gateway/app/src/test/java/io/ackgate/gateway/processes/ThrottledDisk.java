package io.ackgate.gateway.processes;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A disk of its own below a directory, that can be made slow: a file system in a file, on a device
 * whose writes the kernel holds to a rate. Needs root, loop devices and control groups of version 1
 * with {@code blkio}.
 *
 * @param directory where it is mounted
 * @param device major and minor number, with a colon between
 */
record ThrottledDisk(Path directory, String device) implements AutoCloseable {
    private static final Path LIMIT =
            Path.of("/sys/fs/cgroup/blkio/blkio.throttle.write_bps_device");

    /**
     * Mounts a new one, as fast as any; null if this process may not or the machine cannot.
     *
     * @param file to be made, and to hold what is on the disk
     */
    static @Nullable ThrottledDisk mount(Path directory, Path file, int mebibytes) {
        if (!Files.isWritable(LIMIT)) {
            return null;
        }
        try {
            Files.createDirectories(directory);
            try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
                sparse.setLength((long) mebibytes << 20);
            }
            // Nothing is left to the kernel to be written later, when the disk is slow.
            String whole = "lazy_itable_init=0,lazy_journal_init=0";
            if (!Commands.succeeds("mkfs.ext4", "-q", "-E", whole, file.toString())
                    || !Commands.succeeds(
                            "mount", "-o", "loop", file.toString(), directory.toString())) {
                return null;
            }
            String device = Commands.output("mountpoint", "-d", directory.toString());
            return new ThrottledDisk(directory, device);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on no more is written a second than this, whoever writes it. */
    void limit(int bytesPerSecond) {
        write(bytesPerSecond);
    }

    /** It is as fast as before. */
    void free() {
        write(0);
    }

    private void write(int bytesPerSecond) {
        try {
            Files.writeString(LIMIT, device + " " + bytesPerSecond + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        free();
        Commands.succeeds("umount", "--lazy", directory.toString());
    }
}
