package io.ackgate.storage.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A data directory is one node's at a time: two engines on the same files would each undo what the
 * other has promised. The operating system lets go of the lock with the process, however it ends.
 */
public final class DirectoryLock implements AutoCloseable {
    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock, which is on a file of the directory that is made for it and never renamed: a
     * lock is on what a name stands for, and two nodes must mean the same.
     *
     * @throws IOException if the directory is in use, or the file cannot be opened
     */
    public static DirectoryLock take(FileDisk disk, String file) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        disk.path(file), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            taken = tryLock(channel) != null;
        } finally {
            if (!taken) {
                channel.close();
            }
        }
        if (!taken) {
            throw new IOException(
                    "the data directory %s is in use by another node".formatted(disk.path("")));
        }
        return new DirectoryLock(channel);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
