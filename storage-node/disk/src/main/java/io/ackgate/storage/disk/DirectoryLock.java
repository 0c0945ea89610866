package io.ackgate.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a second process, or a second user in this process, out of a directory: two engines on the
 * same files would each undo what the other has promised. The operating system lets go of the lock
 * when the process ends, however it ends.
 */
public final class DirectoryLock implements AutoCloseable {
    /** Made for the lock and never renamed: all who lock the directory must mean the same file. */
    public static final String FILE = "lock";

    /** Bytes of the file: a process id, and spaces behind it. */
    private static final int HOLDER_BYTES = 20;

    /**
     * What this process has locked. Asked before the file is opened: on POSIX systems closing any
     * descriptor of a file lets go of the locks that the process has on it by another one.
     */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Makes the directory if it is not there, and locks it.
     *
     * @throws IOException if another process has it locked: the message says which process
     */
    public static DirectoryLock lock(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path real = directory.toRealPath();
        if (!OURS.add(real)) {
            throw inUse(directory, ProcessHandle.current().pid() + ", this one");
        }
        try {
            return new DirectoryLock(real, lockFile(directory));
        } catch (IOException | RuntimeException notLocked) {
            OURS.remove(real);
            throw notLocked;
        }
    }

    private static FileChannel lockFile(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        directory.resolve(FILE),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw inUse(directory, holder(channel));
            }
            nameHolder(channel);
            return channel;
        } catch (IOException | RuntimeException notLocked) {
            channel.close();
            throw notLocked;
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(HOLDER_BYTES);
        channel.read(bytes, 0);
        String holder = StandardCharsets.US_ASCII.decode(bytes.flip()).toString().strip();
        return holder.isEmpty() ? "whose id is not known" : holder;
    }

    /**
     * Says which process has the lock, in place of whatever stands there. Only a message needs it:
     * the lock is held whether or not the disk has room for this. A start on a full disk frees its
     * reserve later.
     */
    private static void nameHolder(FileChannel channel) {
        try {
            String me = ("%-" + HOLDER_BYTES + "d").formatted(ProcessHandle.current().pid());
            channel.write(ByteBuffer.wrap(me.getBytes(StandardCharsets.US_ASCII)), 0);
            channel.truncate(HOLDER_BYTES);
        } catch (IOException notWritten) {
            nameNobody(channel);
        }
    }

    /** The process that had the lock before must not be taken for its holder. */
    private static void nameNobody(FileChannel channel) {
        try {
            channel.truncate(0);
        } catch (IOException unchanged) {
            // The message may name an older process, and the lock is held all the same.
            return;
        }
    }

    private static IOException inUse(Path directory, String holder) {
        return new IOException(
                "%s is in use by process %s: stop it, or give this one another directory"
                        .formatted(directory, holder));
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            OURS.remove(directory);
        }
    }
}
