package io.ackgate.storage.checkpoint;

import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The file {@code checkpoint}: {@code magic i32 | crc32c of the rest u32 | content}. */
public final class CheckpointFile {
    private static final String PATH = "checkpoint";
    private static final String NEXT = "checkpoint.next";
    private static final int MAGIC = 0x41474331;
    private static final int HEADER_BYTES = 8;

    private CheckpointFile() {}

    /** Replaces the checkpoint in one step; afterwards it is durable. */
    public static void write(Disk disk, byte[] content) throws IOException {
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
        disk.rename(NEXT, PATH);
        disk.syncDirectory("");
    }

    public static boolean exists(Disk disk) throws IOException {
        return disk.exists(PATH);
    }

    /** Reads the checkpoint; null if there is none that can be read. */
    public static @Nullable Checkpoint read(Disk disk) throws IOException {
        if (!disk.exists(PATH)) {
            return null;
        }
        try (DiskFile file = disk.open(PATH)) {
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
