package io.ackgate.storage.disk;

import java.io.IOException;
import java.util.List;

/**
 * One data directory. Paths are relative to it, with {@code /} between their parts.
 *
 * <p>What a crash of the machine leaves: the bytes of a file up to its last {@link DiskFile#sync},
 * and any part of what was written after it; the names in a directory as of its last {@link
 * #syncDirectory}, and any of the changes after it. What a crash of the process leaves: everything.
 *
 * <p>Every operation but {@link #syncDirectory} changes everything it is to change, or throws and
 * has changed nothing: {@link UnreachableFileException} where the file or directory could not be
 * reached, or {@link UnreachableDiskException} where nothing can be, {@link DiskFullException}
 * where it lacked space, {@link MissingFileException} where what it needs is not there. {@link
 * #syncDirectory} throws the first of them if it has not begun, and another {@link IOException} if
 * it failed.
 */
public interface Disk {
    /** Opens a file for reading and writing. */
    DiskFile open(String path) throws IOException;

    /** Creates an empty file and opens it; fails if it exists. */
    DiskFile create(String path) throws IOException;

    boolean exists(String path) throws IOException;

    /** Names in a directory, without the directories above, sorted; empty if there is none. */
    List<String> list(String directory) throws IOException;

    /** Creates a directory and those above it; nothing happens if it exists. */
    void createDirectories(String directory) throws IOException;

    /** Deletes a file; nothing happens if it does not exist. */
    void delete(String path) throws IOException;

    /** Deletes a directory with all that is in it; nothing happens if it does not exist. */
    void deleteRecursively(String directory) throws IOException;

    /** Replaces {@code to} by {@code from} in one step, seen whole or not at all after a crash. */
    void rename(String from, String to) throws IOException;

    /** Makes the names in a directory durable. */
    void syncDirectory(String directory) throws IOException;

    /**
     * Runs pieces of work on files, each on a thread of its own or one after the other, and returns
     * when all have been run. Syncs that stand side by side share a commit of the file system.
     *
     * @param work pieces that need nothing of each other; a few
     */
    default void runAll(List<? extends Runnable> work) {
        work.forEach(Runnable::run);
    }
}
