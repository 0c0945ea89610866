package io.ackgate.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A file whose channel is opened when it is needed and may be taken away when it is not in use.
 *
 * <p>A sync through another descriptor than the writes went through covers them all the same, and
 * reports their failure if nobody else has: both are the kernel's per file, not per descriptor.
 * What it has reported once it does not report again, so that {@link FileDisk} keeps it.
 */
final class FileDiskFile implements DiskFile {
    /** Larger transfers from the heap would make the JDK keep copies of that size off the heap. */
    private static final int MAX_HEAP_TRANSFER = 1 << 20;

    private final FileDisk disk;
    private final OpenChannels channels;
    private final Path path;

    /** Held for reading while the channel is in use, for writing while it is opened or closed. */
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    private @Nullable FileChannel channel;
    private volatile boolean closed;
    private volatile boolean keptOpen;

    /** What the name stood for when {@link #inPlace} was asked first. */
    private @Nullable Object key;

    /** When it was used last, by {@link OpenChannels#now}. */
    private volatile long usedAt;

    /** Whether something was written that no sync has covered. */
    private volatile boolean unsynced;

    FileDiskFile(FileDisk disk, OpenChannels channels, Path path) {
        this.disk = disk;
        this.channels = channels;
        this.path = path;
    }

    /** What is done with the channel. */
    private interface Use<T> {
        T with(FileChannel channel) throws IOException;
    }

    private <T> T use(Use<T> use) throws IOException {
        while (true) {
            lock.readLock().lock();
            try {
                if (closed) {
                    throw new ClosedChannelException();
                }
                if (channel != null) {
                    usedAt = channels.now();
                    return use.with(channel);
                }
            } finally {
                lock.readLock().unlock();
            }
            openNow();
        }
    }

    /** A use that writes, and so may find the disk full. */
    private void writing(long bytes, Use<?> use) throws IOException {
        try {
            use(changing(use));
        } catch (UnreachableFileException notBegun) {
            throw notBegun;
        } catch (IOException e) {
            throw disk.translated(e, bytes);
        }
    }

    /** A use after which no sync covers all of the file, also one that began in between. */
    private <T> Use<T> changing(Use<T> use) {
        return open -> {
            try {
                return use.with(open);
            } finally {
                unsynced = true;
            }
        };
    }

    /** Makes sure that there is a channel, for now. */
    void openNow() throws IOException {
        lock.writeLock().lock();
        try {
            if (closed) {
                throw new ClosedChannelException();
            }
            if (channel != null) {
                return;
            }
            channel = disk.openChannel(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } finally {
            lock.writeLock().unlock();
        }
        channels.opened(this);
    }

    @Override
    public void keepOpen() throws IOException {
        keptOpen = true;
        openNow();
    }

    boolean keptOpen() {
        return keptOpen;
    }

    long usedAt() {
        return usedAt;
    }

    boolean unsynced() {
        return unsynced;
    }

    /**
     * Takes the channel away unless a call uses it; the next use opens another. What no sync has
     * covered is synced before.
     *
     * @return whether there is no channel any more
     * @throws IOException if the sync fails, which is told again to all who sync the file
     */
    boolean giveUpChannel() throws IOException {
        if (unsynced) {
            sync();
        }
        return closeIfFree(true);
    }

    /**
     * Closes the channel unless a call uses it.
     *
     * @param synced whether it stays if something was written meanwhile that no sync has covered
     */
    private boolean closeIfFree(boolean synced) throws IOException {
        if (!lock.writeLock().tryLock()) {
            return false;
        }
        try {
            if (synced && unsynced) {
                return false;
            }
            closeChannel();
        } finally {
            lock.writeLock().unlock();
        }
        return true;
    }

    /** Waits until nobody uses the file, and closes it. */
    void closeWhenFree() {
        lock.writeLock().lock();
        try {
            closeChannel();
        } catch (IOException ignored) {
            // Nothing of the file is used any more.
            return;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void closeChannel() throws IOException {
        FileChannel closing = channel;
        channel = null;
        channels.closed(this);
        if (closing != null) {
            closing.close();
        }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return use(
                open -> {
                    int total = 0;
                    int limit = target.limit();
                    while (target.position() < limit) {
                        target.limit(Math.min(limit, target.position() + MAX_HEAP_TRANSFER));
                        int read = open.read(target, position + total);
                        target.limit(limit);
                        if (read < 0) {
                            break;
                        }
                        total += read;
                    }
                    return total;
                });
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        writing(
                source.remaining(),
                open -> {
                    long at = position;
                    int limit = source.limit();
                    while (source.position() < limit) {
                        if (!source.isDirect()) {
                            int most = source.position() + MAX_HEAP_TRANSFER;
                            source.limit(Math.min(limit, most));
                        }
                        at += open.write(source, at);
                        source.limit(limit);
                    }
                    return at;
                });
    }

    @Override
    public void write(ByteBuffer[] sources, long position) throws IOException {
        // Positional gathering writes do not exist in the JDK. The channel's own position is used
        // by
        // nothing else, and writes are thread-confined.
        long bytes = 0;
        for (ByteBuffer source : sources) {
            bytes += source.remaining();
        }
        writing(
                bytes,
                open -> {
                    open.position(position);
                    int first = 0;
                    while (first < sources.length) {
                        if (sources[first].hasRemaining()) {
                            open.write(sources, first, sources.length - first);
                        } else {
                            first++;
                        }
                    }
                    return first;
                });
    }

    @Override
    public void sync() throws IOException {
        disk.requireNoFailedSync(path);
        // What is written meanwhile may not be covered.
        unsynced = false;
        try {
            use(
                    open -> {
                        open.force(false);
                        return true;
                    });
        } catch (UnreachableFileException notBegun) {
            unsynced = true;
            throw notBegun;
        } catch (IOException e) {
            unsynced = true;
            disk.syncFailed(path, e);
            throw e;
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        try {
            use(changing(open -> open.truncate(size)));
        } catch (DiskFullException full) {
            throw full;
        } catch (IOException unchanged) {
            throw disk.unreachable(unchanged);
        }
    }

    @Override
    public long size() throws IOException {
        return use(FileChannel::size);
    }

    @Override
    public boolean inPlace() {
        try {
            Object now = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            if (key == null) {
                key = now;
            }
            return now == null || now.equals(key);
        } catch (NoSuchFileException gone) {
            return false;
        } catch (IOException unknown) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        if (!closeIfFree(false)) {
            channels.closeLater(this);
        }
    }
}
