package io.ackgate.storage.engine;

import io.ackgate.storage.checkpoint.Checkpoint;
import io.ackgate.storage.checkpoint.CheckpointFile;
import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.journal.JournalScan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The file {@code reserve}: space that a start gives up when the disk is full, so that the node can
 * recover, serve reads, answer fences, and let retention free more. It is made anew when there is
 * space.
 */
final class SpaceReserve {
    private static final String PATH = "reserve";
    private static final int FILL_BYTES = 1 << 20;

    private SpaceReserve() {}

    /**
     * Frees what a start can do without: the reserve, and journal files that the checkpoint has
     * made void, together with the checkpoint's copy, which may be older and need them.
     *
     * @return whether anything was freed
     */
    static boolean giveUp(Disk disk) throws IOException {
        boolean freed = disk.exists(PATH);
        disk.delete(PATH);
        List<Long> unused = voidGenerations(disk);
        if (!unused.isEmpty()) {
            // It may be older, and need them.
            CheckpointFile.deleteCopy(disk);
        }
        for (long generation : unused) {
            disk.delete(JournalScan.path(generation));
            freed = true;
        }
        return freed;
    }

    /** Generations of the journal that the checkpoint does not need; none if it is not readable. */
    private static List<Long> voidGenerations(Disk disk) throws IOException {
        Checkpoint checkpoint;
        try {
            checkpoint = CheckpointFile.read(disk);
        } catch (IOException unreadable) {
            // The start goes by the copy then, which may need all of them.
            return List.of();
        }
        if (checkpoint == null) {
            return List.of();
        }
        long first = checkpoint.journalStart().generation();
        return JournalScan.generations(disk).stream().filter(one -> one < first).toList();
    }

    /** Makes the reserve, unless it is there and was finished. On the I/O side. */
    static void make(Disk disk, int bytes) throws IOException {
        if (bytes == 0 || isWhole(disk, bytes)) {
            return;
        }
        disk.delete(PATH);
        try (DiskFile file = disk.create(PATH)) {
            ByteBuffer zeros = ByteBuffer.allocate(Math.min(bytes, FILL_BYTES));
            for (int at = 0; at < bytes; at += zeros.capacity()) {
                file.write(zeros.clear().limit(Math.min(zeros.capacity(), bytes - at)), at);
            }
            file.sync();
        } catch (IOException e) {
            try {
                disk.delete(PATH);
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    private static boolean isWhole(Disk disk, int bytes) throws IOException {
        if (!disk.exists(PATH)) {
            return false;
        }
        try (DiskFile file = disk.open(PATH)) {
            return file.size() >= bytes;
        }
    }
}
