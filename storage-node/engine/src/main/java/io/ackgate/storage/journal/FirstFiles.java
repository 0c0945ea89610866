package io.ackgate.storage.journal;

import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFullException;
import java.io.IOException;
import java.util.List;

/** The files with which a start begins a journal, beside those of the one before it. */
record FirstFiles(JournalFile first, JournalFile second) {
    /**
     * Makes them, empty and durable.
     *
     * @param old generations of the files that are there, ascending
     * @throws DiskFullException if there is no space; nothing of them is left
     */
    static FirstFiles make(Disk disk, JournalSettings settings, List<Long> old) throws IOException {
        disk.createDirectories(JournalFile.DIRECTORY);
        // What a start before this one has created and did not live to sync comes first, see below.
        disk.syncDirectory(JournalFile.DIRECTORY);
        long generation = old.isEmpty() ? 1 : old.get(old.size() - 1) + 1;
        int bytes = settings.firstFileBytes();
        // With the size durable before anything is written, a file that is shorter was shortened.
        JournalFile first = NextJournalFile.create(disk, generation, bytes);
        // In this order also after a crash: a gap in the names means that a file was lost.
        disk.syncDirectory(JournalFile.DIRECTORY);
        JournalFile second;
        try {
            second = NextJournalFile.create(disk, generation + 1, bytes);
        } catch (DiskFullException full) {
            // A start that fails leaves nothing behind that eats the space of the next one.
            disk.syncDirectory(JournalFile.DIRECTORY);
            first.file().close();
            disk.delete(first.path());
            throw full;
        }
        disk.syncDirectory(JournalFile.DIRECTORY);
        return new FirstFiles(first, second);
    }
}
