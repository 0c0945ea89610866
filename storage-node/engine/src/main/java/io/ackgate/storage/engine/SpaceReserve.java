package io.ackgate.storage.engine;

import io.ackgate.storage.checkpoint.Checkpoint;
import io.ackgate.storage.checkpoint.CheckpointFile;
import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.DiskFullException;
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

    /**
     * Makes the reserve, or what is missing of one that was not finished. Where there is no space
     * for all of it, what was there before stays. On the I/O side.
     */
    static void make(Disk disk, int bytes) throws IOException {
        if (bytes == 0) {
            return;
        }
        try (DiskFile file = disk.exists(PATH) ? disk.open(PATH) : disk.create(PATH)) {
            long before = file.size();
            if (before >= bytes) {
                return;
            }
            try {
                fill(file, before, bytes);
            } catch (IOException e) {
                giveBack(disk, file, before, e);
                throw e;
            }
        }
    }

    private static void fill(DiskFile file, long from, int bytes) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(Math.min(bytes, FILL_BYTES));
        for (long at = from; at < bytes; at += zeros.capacity()) {
            file.write(zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at)), at);
        }
        file.sync();
    }

    /** A file that fails otherwise than for lack of space is made anew the next time. */
    private static void giveBack(Disk disk, DiskFile file, long before, IOException why) {
        try {
            if (before > 0 && why instanceof DiskFullException) {
                file.truncate(before);
            } else {
                disk.delete(PATH);
            }
        } catch (IOException left) {
            why.addSuppressed(left);
        }
    }
}
