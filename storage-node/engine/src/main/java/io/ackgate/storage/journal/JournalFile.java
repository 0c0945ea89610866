package io.ackgate.storage.journal;

import io.ackgate.storage.disk.DiskFile;

/**
 * One preallocated file of the journal.
 *
 * @param generation its number, which is also its name
 * @param file open for as long as the journal may write to it
 * @param capacity bytes that were allocated
 */
record JournalFile(long generation, DiskFile file, int capacity) {
    static final String DIRECTORY = "journal";
    private static final String SUFFIX = ".log";

    static String path(long generation) {
        return DIRECTORY + "/" + String.format("%08d", generation) + SUFFIX;
    }

    /** The generation that a file name stands for, or -1 if it is no journal file's. */
    static long generation(String name) {
        if (!name.endsWith(SUFFIX)) {
            return -1;
        }
        try {
            return Long.parseLong(name, 0, name.length() - SUFFIX.length(), 10);
        } catch (NumberFormatException notOurs) {
            return -1;
        }
    }

    String path() {
        return path(generation);
    }
}
