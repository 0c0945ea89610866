package io.ackgate.storage.journal;

import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prepares a file for the journal to go on in: allocated and named, with both durable, so that a
 * sync has to write nothing but the records. A file that is not needed any more is taken for it.
 */
public final class NextJournalFile {
    /**
     * Written and synced at a time. On a slow disk the syncs of the journal in use stand in line
     * behind what is being synced here.
     */
    private static final int FILL_BYTES = 1 << 20;

    private final Disk disk;
    private final JournalSettings settings;

    /** -1 if the old file is only to be deleted. */
    private final long generation;

    private final @Nullable Long old;
    private boolean oldGone;
    private @Nullable JournalFile result;
    private @Nullable IOException failure;

    NextJournalFile(Disk disk, JournalSettings settings, long generation, @Nullable Long old) {
        this.disk = disk;
        this.settings = settings;
        this.generation = generation;
        this.old = old;
    }

    /** On the I/O side. */
    public void run() {
        try {
            if (old != null && (generation < 0 || !reuse(old))) {
                disk.delete(JournalFile.path(old));
                oldGone = true;
            }
            if (generation > 0 && result == null) {
                result = createWhole();
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    private boolean reuse(long from) throws IOException {
        try (DiskFile file = disk.open(JournalFile.path(from))) {
            if (file.size() != settings.fileBytes()) {
                return false;
            }
        }
        disk.rename(JournalFile.path(from), JournalFile.path(generation));
        oldGone = true;
        disk.syncDirectory(JournalFile.DIRECTORY);
        DiskFile next = disk.open(JournalFile.path(generation));
        next.keepOpen();
        result = new JournalFile(generation, next, settings.fileBytes());
        return true;
    }

    private JournalFile createWhole() throws IOException {
        JournalFile file = create(disk, generation, settings.fileBytes());
        try {
            disk.syncDirectory(JournalFile.DIRECTORY);
        } catch (IOException e) {
            leave(disk, file.path(), file.file(), e);
            throw e;
        }
        return file;
    }

    /**
     * Leaves nothing of a file that could not be made. It is closed first: without a name it would
     * keep its space for as long as it is open.
     *
     * @param file null if it was not even created
     */
    private static void leave(Disk disk, String path, @Nullable DiskFile file, IOException why) {
        try {
            if (file != null) {
                file.close();
            }
            disk.delete(path);
        } catch (IOException left) {
            // The next one of this name deletes it.
            why.addSuppressed(left);
        }
    }

    /**
     * Makes a file of zeros, synced, of which the name is not yet durable; nothing of it is left if
     * that fails.
     */
    static JournalFile create(Disk disk, long generation, int bytes) throws IOException {
        String path = JournalFile.path(generation);
        DiskFile file = null;
        try {
            // A file of this name can only be what a start or a preparation left that did not end.
            disk.delete(path);
            file = disk.create(path);
            fill(file, bytes);
            return new JournalFile(generation, file, bytes);
        } catch (IOException e) {
            leave(disk, path, file, e);
            throw e;
        }
    }

    private static void fill(DiskFile file, int bytes) throws IOException {
        file.keepOpen();
        ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(bytes, FILL_BYTES));
        for (int at = 0; at < bytes; at += zeros.capacity()) {
            file.write(zeros.clear().limit(Math.min(zeros.capacity(), bytes - at)), at);
            file.sync();
        }
    }

    @Nullable JournalFile result() {
        return result;
    }

    /** Generations that are still to be reused or deleted. */
    List<Long> leftOver() {
        return old == null || oldGone ? List.of() : List.of(old);
    }

    public boolean failed() {
        return failure != null;
    }

    @Nullable IOException failure() {
        return failure;
    }
}
