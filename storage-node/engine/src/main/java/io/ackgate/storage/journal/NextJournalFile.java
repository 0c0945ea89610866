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
        DiskFile file = disk.open(JournalFile.path(from));
        long size = file.size();
        file.close();
        if (size != settings.fileBytes()) {
            return false;
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
        disk.syncDirectory(JournalFile.DIRECTORY);
        return file;
    }

    /**
     * Makes a file of zeros, synced, of which the name is not yet durable; nothing of it is left if
     * that fails.
     */
    static JournalFile create(Disk disk, long generation, int bytes) throws IOException {
        try {
            return filled(disk, generation, bytes);
        } catch (IOException e) {
            try {
                disk.delete(JournalFile.path(generation));
            } catch (IOException left) {
                // The next one of this name deletes it.
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    private static JournalFile filled(Disk disk, long generation, int bytes) throws IOException {
        String path = JournalFile.path(generation);
        // A file of this name can only be what a start or a preparation left that did not end.
        disk.delete(path);
        DiskFile file = disk.create(path);
        file.keepOpen();
        ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(bytes, FILL_BYTES));
        for (int at = 0; at < bytes; at += zeros.capacity()) {
            file.write(zeros.clear().limit(Math.min(zeros.capacity(), bytes - at)), at);
            file.sync();
        }
        return new JournalFile(generation, file, bytes);
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
