package io.ackgate.gateway.processes;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file system of its own on a directory: small, and soon full. Mounting one needs root.
 *
 * @param directory where it is mounted
 */
record SmallDisk(Path directory) implements AutoCloseable {
    private static final String FILLER = "filler";

    /** Mounts a new one; null if this process may not. */
    static @Nullable SmallDisk mount(Path directory, int mebibytes) {
        try {
            Files.createDirectories(directory);
            String size = "size=" + mebibytes + "m";
            return Commands.succeeds(
                            "mount", "-t", "tmpfs", "-o", size, "ackgate", directory.toString())
                    ? new SmallDisk(directory)
                    : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes beside the data until nothing more fits. */
    void fill() {
        byte[] block = new byte[4096];
        try (OutputStream filler =
                Files.newOutputStream(
                        directory.resolve(FILLER),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND)) {
            while (true) {
                filler.write(block);
            }
        } catch (IOException full) {
            // As it should be: there is no other way to know.
        }
    }

    /** Gives back what {@link #fill} took. */
    void free() {
        NodeFiles.delete(directory.resolve(FILLER));
    }

    @Override
    public void close() {
        Commands.succeeds("umount", "--lazy", directory.toString());
    }
}
