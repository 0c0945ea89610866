package io.ackgate.storage.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A directory of the file system.
 *
 * <p>Open files share a bounded number of file descriptors, the least recently used being closed
 * for another: a node has thousands of segments, and few of them are in use at a time. Thread-safe.
 */
public final class FileDisk implements Disk {
    /** File descriptors in use at most; twelve hundred partitions and their indexes fit. */
    private static final int MAX_CHANNELS = 2_000;

    private final Path root;
    private final int maxChannels;

    /** Files with an open channel, the least recently opened first. */
    private final Map<FileDiskFile, Boolean> open = new LinkedHashMap<>();

    public FileDisk(Path root) throws IOException {
        this(root, MAX_CHANNELS);
    }

    public FileDisk(Path root, int maxChannels) throws IOException {
        this.root = root;
        this.maxChannels = maxChannels;
        Files.createDirectories(root);
    }

    Path path(String relative) {
        return root.resolve(relative);
    }

    @Override
    public DiskFile open(String path) throws IOException {
        FileDiskFile file = new FileDiskFile(this, path(path));
        file.openNow();
        return file;
    }

    @Override
    public DiskFile create(String path) throws IOException {
        Path created = path(path);
        try {
            Files.createFile(created);
        } catch (IOException e) {
            throw translated(e);
        }
        return new FileDiskFile(this, created);
    }

    @Override
    public boolean exists(String path) {
        return Files.exists(path(path));
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
        }
        names.sort(null);
        return names;
    }

    @Override
    public void createDirectories(String directory) throws IOException {
        try {
            Files.createDirectories(path(directory));
        } catch (IOException e) {
            throw translated(e);
        }
    }

    @Override
    public void delete(String path) throws IOException {
        Files.deleteIfExists(path(path));
    }

    @Override
    public void deleteRecursively(String directory) throws IOException {
        Path top = path(directory);
        if (Files.isDirectory(top)) {
            for (String name : list(directory)) {
                deleteRecursively(directory + "/" + name);
            }
        }
        Files.deleteIfExists(top);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        try {
            Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw e;
        } catch (IOException e) {
            throw translated(e);
        }
    }

    @Override
    public void syncDirectory(String directory) throws IOException {
        try (FileChannel channel = FileChannel.open(path(directory), StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Notes that a file has a channel now, and closes that of another if there are too many. */
    void opened(FileDiskFile file) throws IOException {
        FileDiskFile eldest = null;
        synchronized (open) {
            open.put(file, true);
            if (open.size() > maxChannels) {
                eldest = open.keySet().iterator().next();
                open.remove(eldest);
            }
        }
        if (eldest != null) {
            eldest.closeChannel();
        }
    }

    void closed(FileDiskFile file) {
        synchronized (open) {
            open.remove(file);
        }
    }

    /** A failure as the engine tells them apart. The JDK gives the system's message and no code. */
    static IOException translated(IOException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        boolean full =
                message.contains("no space left on device")
                        || message.contains("disk quota exceeded");
        return full ? new DiskFullException(String.valueOf(e.getMessage())) : e;
    }
}
