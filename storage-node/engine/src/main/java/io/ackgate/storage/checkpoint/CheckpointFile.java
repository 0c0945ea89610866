package io.ackgate.storage.checkpoint;

import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.DiskFullException;
import io.ackgate.storage.disk.UnreachableDiskException;
import io.ackgate.storage.disk.UnreachableFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code checkpoint}, {@code magic i32 | crc32c of the rest u32 | content}, and a second
 * one of the same content: a bad byte in one of them must not cost a node all its replicas.
 *
 * <p>The second is never older than the journal that is kept: who uses it loses nothing.
 */
public final class CheckpointFile {
    private static final String PATH = "checkpoint";
    private static final String COPY = "checkpoint.copy";
    private static final String NEXT = "checkpoint.next";
    private static final int MAGIC = 0x41474331;
    private static final int HEADER_BYTES = 8;

    private CheckpointFile() {}

    /**
     * Replaces the checkpoint in one step, and then its copy; afterwards both are durable. Where
     * there is space for one only there is no copy.
     *
     * @throws DiskFullException if there is no space; the checkpoint is the old one
     * @throws IOException if that fails: the checkpoint is the old one or the new one, and so is
     *     the copy
     */
    public static void write(Disk disk, byte[] content) throws IOException {
        replace(disk, PATH, content);
        try {
            replace(disk, COPY, content);
        } catch (DiskFullException full) {
            // An older one must not outlive the journal that goes with it.
            try {
                deleteCopy(disk);
            } catch (IOException kept) {
                // A caller that hears of a full disk takes the checkpoint for the old one.
                throw new UnreachableFileException(
                        "the checkpoint's copy is old and cannot be deleted: " + kept);
            }
        }
    }

    private static void replace(Disk disk, String path, byte[] content) throws IOException {
        CRC32C crc = new CRC32C();
        crc.update(content);
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.putInt(MAGIC).putInt((int) crc.getValue()).flip();
        disk.delete(NEXT);
        try (DiskFile file = disk.create(NEXT)) {
            file.write(new ByteBuffer[] {header, ByteBuffer.wrap(content)}, 0);
            file.sync();
        } catch (DiskFullException full) {
            disk.delete(NEXT);
            throw full;
        }
        disk.rename(NEXT, path);
        disk.syncDirectory("");
    }

    public static boolean exists(Disk disk) throws IOException {
        return disk.exists(PATH) || disk.exists(COPY);
    }

    /** Reads the checkpoint; null if it is lost or damaged. */
    public static @Nullable Checkpoint read(Disk disk) throws IOException {
        return read(disk, PATH);
    }

    /** Deletes the copy, which needs more of the journal than the checkpoint may; durably. */
    public static void deleteCopy(Disk disk) throws IOException {
        disk.delete(COPY);
        disk.syncDirectory("");
    }

    /**
     * What the two files say.
     *
     * @param checkpoint null if both are lost or damaged
     * @param wrong what is the matter with the checkpoint, so that its copy was read; null if
     *     nothing is
     */
    public record Either(@Nullable Checkpoint checkpoint, @Nullable String wrong) {}

    /**
     * Reads the checkpoint, or its copy if the checkpoint cannot be read.
     *
     * @throws IOException if neither can be read, and one of them may be whole
     */
    public static Either readEither(Disk disk) throws IOException {
        try {
            Checkpoint checkpoint = read(disk);
            return checkpoint == null
                    ? new Either(read(disk, COPY), "is lost or damaged")
                    : new Either(checkpoint, null);
        } catch (UnreachableDiskException notNow) {
            throw notNow;
        } catch (IOException unreadable) {
            Checkpoint copy = read(disk, COPY);
            if (copy == null) {
                throw unreadable;
            }
            return new Either(copy, "cannot be read (" + unreadable.getMessage() + ")");
        }
    }

    private static @Nullable Checkpoint read(Disk disk, String path) throws IOException {
        if (!disk.exists(path)) {
            return null;
        }
        try (DiskFile file = disk.open(path)) {
            ByteBuffer buffer = ByteBuffer.allocate((int) file.size());
            file.read(buffer, 0);
            buffer.flip();
            if (buffer.remaining() < HEADER_BYTES || buffer.getInt() != MAGIC) {
                return null;
            }
            int stored = buffer.getInt();
            CRC32C crc = new CRC32C();
            crc.update(buffer.duplicate());
            return (int) crc.getValue() == stored ? CheckpointCodec.decode(buffer) : null;
        }
    }
}
