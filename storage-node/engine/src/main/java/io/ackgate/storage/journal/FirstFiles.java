package io.ackgate.storage.journal;

import io.ackgate.storage.disk.Disk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The files with which a start begins a journal, beside those of the one before it. */
record FirstFiles(JournalFile first, JournalFile second) {
    /**
     * Makes them, empty and durable.
     *
     * @param old generations of the files that are there, ascending
     * @throws IOException if that cannot be done; nothing of them is left, or an empty file
     */
    static FirstFiles make(Disk disk, JournalSettings settings, List<Long> old) throws IOException {
        disk.createDirectories(JournalFile.DIRECTORY);
        // What a start before this one has created and did not live to sync comes first, see below.
        disk.syncDirectory(JournalFile.DIRECTORY);
        long generation = old.isEmpty() ? 1 : old.get(old.size() - 1) + 1;
        int bytes = settings.firstFileBytes();
        List<JournalFile> made = new ArrayList<>();
        try {
            // With the size durable before anything is written, a file that is shorter was
            // shortened; in this order also after a crash: a gap in the names means that a file was
            // lost.
            for (int i = 0; i < 2; i++) {
                JournalFile file = NextJournalFile.create(disk, generation + i, bytes);
                made.add(file);
                disk.syncDirectory(JournalFile.DIRECTORY);
            }
        } catch (IOException e) {
            giveUp(disk, made, e);
            throw e;
        }
        return new FirstFiles(made.get(0), made.get(1));
    }

    /** A start that fails leaves nothing behind that eats the space of the next one. */
    private static void giveUp(Disk disk, List<JournalFile> made, IOException why) {
        try {
            for (JournalFile file : made.reversed()) {
                // What comes behind it is gone for good, see above.
                disk.syncDirectory(JournalFile.DIRECTORY);
                file.file().close();
                disk.delete(file.path());
            }
        } catch (IOException left) {
            why.addSuppressed(left);
            for (JournalFile file : made) {
                close(file, why);
            }
        }
    }

    private static void close(JournalFile file, IOException why) {
        try {
            file.file().close();
        } catch (IOException left) {
            why.addSuppressed(left);
        }
    }
}
