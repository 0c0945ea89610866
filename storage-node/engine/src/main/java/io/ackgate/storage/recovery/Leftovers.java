package io.ackgate.storage.recovery;

import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.UnreachableFileException;
import io.ackgate.storage.recovery.Recovery.Directories;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Deletes directories that nothing needs after a start. One that cannot be deleted costs space. */
final class Leftovers {
    private final Disk disk;
    private final Directories directories;

    /** Where it is said what could not be deleted. */
    private final List<String> notes;

    Leftovers(Disk disk, Directories directories, List<String> notes) {
        this.disk = disk;
        this.directories = directories;
        this.notes = notes;
    }

    /**
     * Deletes logs that were replaced, deleted, or created by an assignment that did not get far,
     * and copies of tails of which the log holds everything, or is none any more.
     *
     * @param oldestSerial below which nothing is deleted that belongs to nobody
     * @param logs serials of the logs of all replicas
     * @param tails serials of the logs of which the copies are needed; some of {@code logs}
     */
    void delete(long oldestSerial, Set<Long> logs, Set<Long> tails) throws IOException {
        for (String name : disk.list(directories.root())) {
            long serial = directories.serial(name);
            if (serial >= oldestSerial && !logs.contains(serial)) {
                deleteIfReachable(directories.root() + "/" + name, "belongs to nobody");
            }
        }
        for (String name : tails()) {
            long serial = directories.serial(name);
            boolean known = serial >= oldestSerial || logs.contains(serial);
            if (known && !tails.contains(serial)) {
                deleteIfReachable(directories.tailsRoot() + "/" + name, "is not needed any more");
            }
        }
    }

    private List<String> tails() throws IOException {
        try {
            return disk.list(directories.tailsRoot());
        } catch (IOException unknown) {
            if (!UnreachableFileException.isOfOneFile(unknown)) {
                throw unknown;
            }
            notes.add(directories.tailsRoot() + " cannot be reached at present: " + unknown);
            return List.of();
        }
    }

    private void deleteIfReachable(String directory, String why) throws IOException {
        try {
            disk.deleteRecursively(directory);
        } catch (IOException kept) {
            if (!UnreachableFileException.isOfOneFile(kept)) {
                throw kept;
            }
            // It takes space, and no more.
            notes.add(directory + " " + why + " and cannot be deleted: " + kept);
        }
    }
}
