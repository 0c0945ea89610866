package io.ackgate.storage.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A directory of the file system.
 *
 * <p>Open files share a bounded number of file descriptors, see {@link OpenChannels}: a node has
 * thousands of segments, and few of them are in use at a time. Thread-safe.
 */
public final class FileDisk implements Disk {
    /** A disk with less than this, beside what was to be written, counts as full. */
    private static final long MIN_USABLE_BYTES = 16 << 10;

    /** The system's words, where they are English. */
    private static final String NO_DESCRIPTOR = "too many open files";

    private final Path root;
    private final OpenChannels channels;
    private final Opener opener;

    /**
     * Syncs that failed, by file, for as long as the file has its name: whoever syncs it next has
     * to know, through whichever descriptor. No more than there are files.
     */
    private final Map<Path, IOException> failedSyncs = new ConcurrentHashMap<>();

    /** For {@link #runAll}; a thread that has nothing to do ends after a minute. */
    private final ExecutorService threads =
            Executors.newCachedThreadPool(
                    Thread.ofPlatform().name("ackgate-disk-", 1).daemon(true).factory());

    public FileDisk(Path root) throws IOException {
        this(root, OpenFileLimit.ofDisk());
    }

    /**
     * A directory, which is created if it does not exist.
     *
     * @param maxOpenFiles files that are open at a time, about; those in use or kept open may be
     *     more
     */
    public FileDisk(Path root, int maxOpenFiles) throws IOException {
        this(root, maxOpenFiles, FileChannel::open);
    }

    /** The same; channels come from {@code opener}, which may let what is done to them fail. */
    public FileDisk(Path root, int maxOpenFiles, Opener opener) throws IOException {
        this.root = root;
        this.opener = opener;
        this.channels = new OpenChannels(maxOpenFiles);
        Files.createDirectories(root);
    }

    /** Where channels of files and directories come from. */
    public interface Opener {
        FileChannel open(Path path, OpenOption... how) throws IOException;
    }

    /** Bytes that may still be written to the file system of this directory, as it says now. */
    public long usableBytes() throws IOException {
        return Files.getFileStore(root).getUsableSpace();
    }

    /** Bytes of the file system of this directory in all. */
    public long totalBytes() throws IOException {
        return Files.getFileStore(root).getTotalSpace();
    }

    /** The directory. */
    public Path root() {
        return root;
    }

    Path path(String relative) {
        return root.resolve(relative);
    }

    @Override
    public DiskFile open(String path) throws IOException {
        FileDiskFile file = new FileDiskFile(this, channels, path(path));
        file.openNow();
        return file;
    }

    @Override
    public DiskFile create(String path) throws IOException {
        Path created = path(path);
        reach(() -> Files.createFile(created));
        failedSyncs.remove(created);
        return new FileDiskFile(this, channels, created);
    }

    @Override
    public boolean exists(String path) throws IOException {
        try {
            Files.readAttributes(path(path), BasicFileAttributes.class);
            return true;
        } catch (NoSuchFileException none) {
            return false;
        } catch (IOException unknown) {
            // "Not there" would be a guess, and a costly one where a checkpoint is looked for.
            throw unreachable(unknown);
        }
    }

    @Override
    public List<String> list(String directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path(directory))) {
            for (Path entry : entries) {
                names.add(entry.getFileName().toString());
            }
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (DirectoryIteratorException half) {
            throw unreachable(Objects.requireNonNull(half.getCause()));
        } catch (IOException unknown) {
            throw unreachable(unknown);
        }
        names.sort(null);
        return names;
    }

    @Override
    public void createDirectories(String directory) throws IOException {
        reach(() -> Files.createDirectories(path(directory)));
    }

    @Override
    public void delete(String path) throws IOException {
        reach(() -> Files.deleteIfExists(path(path)));
        failedSyncs.remove(path(path));
    }

    @Override
    public void deleteRecursively(String directory) throws IOException {
        Path top = path(directory);
        if (Files.isDirectory(top)) {
            for (String name : list(directory)) {
                deleteRecursively(directory + "/" + name);
            }
        }
        delete(directory);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        reach(() -> Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE));
        failedSyncs.remove(path(from));
        failedSyncs.remove(path(to));
    }

    /** A sync of a file has failed, for any caller. */
    void syncFailed(Path file, IOException failure) {
        failedSyncs.putIfAbsent(file, failure);
    }

    /**
     * The next sync of a file of which one failed would succeed without having written anything.
     */
    void requireNoFailedSync(Path file) throws IOException {
        IOException before = failedSyncs.get(file);
        if (before != null) {
            throw new IOException("an earlier sync failed: " + before.getMessage(), before);
        }
    }

    @Override
    public void syncDirectory(String directory) throws IOException {
        try (FileChannel channel = openChannel(path(directory), StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** An operation on names, which is done as a whole or not at all. */
    private interface NameOperation {
        @SuppressWarnings("UnusedReturnValue")
        Object run() throws IOException;
    }

    private void reach(NameOperation operation) throws IOException {
        try {
            operation.run();
        } catch (IOException e) {
            throw notDone(translated(e, 0));
        }
    }

    /** Opens a channel, or says that there is none. */
    FileChannel openChannel(Path path, OpenOption... how) throws IOException {
        try {
            return opener.open(path, how);
        } catch (IOException e) {
            throw notDone(e);
        }
    }

    /** What kept an operation from being done that has changed nothing. */
    private IOException notDone(IOException e) {
        if (e instanceof NoSuchFileException missing) {
            return new MissingFileException(missing.getFile());
        }
        boolean told =
                e instanceof DiskFullException
                        || e instanceof FileAlreadyExistsException
                        || e instanceof AtomicMoveNotSupportedException;
        return told ? e : unreachable(e);
    }

    /**
     * A file or directory that could not be reached. The JDK gives no code here either: whether
     * everything suffers from the same is found out by opening the data directory.
     */
    UnreachableFileException unreachable(IOException e) {
        if (e instanceof UnreachableFileException told) {
            return told;
        }
        if (String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains(NO_DESCRIPTOR)) {
            // Another file may have been closed since.
            return new UnreachableDiskException(e);
        }
        try {
            opener.open(root, StandardOpenOption.READ).close();
        } catch (IOException nothing) {
            return new UnreachableDiskException(e);
        }
        return new UnreachableFileException(e);
    }

    @Override
    public void runAll(List<? extends Runnable> work) {
        CompletableFuture<?>[] pieces =
                work.stream()
                        .map(piece -> CompletableFuture.runAsync(piece, threads))
                        .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(pieces).join();
    }

    /** How often a file was opened, for tests. */
    long openings() {
        return channels.now();
    }

    /** Files that are open now. */
    public int openFiles() {
        return channels.count();
    }

    /** Files that are open at a time, about. */
    public int maxOpenFiles() {
        return channels.max();
    }

    /**
     * A failure of something that needed space, as the engine tells them apart. The JDK gives the
     * system's message and no code, and the message may be in any language: what decides is whether
     * there is space.
     *
     * @param neededBytes that were still to be written
     */
    IOException translated(IOException e, long neededBytes) {
        long usable;
        try {
            usable = Files.getFileStore(root).getUsableSpace();
        } catch (IOException unknown) {
            usable = Long.MAX_VALUE;
        }
        return translated(e, neededBytes, usable);
    }

    static IOException translated(IOException e, long neededBytes, long usableBytes) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        boolean full =
                message.contains("no space left on device")
                        || message.contains("disk quota exceeded")
                        || usableBytes < neededBytes + MIN_USABLE_BYTES;
        return full ? new DiskFullException(String.valueOf(e.getMessage())) : e;
    }
}
