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
 */
final class FileDiskFile implements DiskFile {
    /** Larger transfers from the heap would make the JDK keep copies of that size off the heap. */
    private static final int MAX_HEAP_TRANSFER = 1 << 20;

    private final FileDisk disk;
    private final Path path;

    /** Held for reading while the channel is in use, for writing while it is opened or closed. */
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    private @Nullable FileChannel channel;
    private boolean closed;

    /** What the name stood for when {@link #inPlace} was asked first. */
    private @Nullable Object key;

    FileDiskFile(FileDisk disk, Path path) {
        this.disk = disk;
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
                if (channel != null) {
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
            use(use);
        } catch (UnreachableFileException notBegun) {
            throw notBegun;
        } catch (IOException e) {
            throw disk.translated(e, bytes);
        }
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
            channel = FileDisk.openChannel(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } finally {
            lock.writeLock().unlock();
        }
        disk.opened(this);
    }

    /** Takes the channel away; the next use opens another. */
    void closeChannel() throws IOException {
        lock.writeLock().lock();
        try {
            if (channel != null) {
                channel.close();
                channel = null;
            }
        } finally {
            lock.writeLock().unlock();
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
        use(
                open -> {
                    open.force(false);
                    return true;
                });
    }

    @Override
    public void truncate(long size) throws IOException {
        try {
            use(open -> open.truncate(size));
        } catch (DiskFullException full) {
            throw full;
        } catch (IOException unchanged) {
            throw new UnreachableFileException(unchanged);
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
        lock.writeLock().lock();
        try {
            closed = true;
            closeChannel();
        } finally {
            lock.writeLock().unlock();
        }
        disk.closed(this);
    }
}
