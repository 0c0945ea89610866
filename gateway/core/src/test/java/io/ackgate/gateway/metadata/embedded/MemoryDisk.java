package io.ackgate.gateway.metadata.embedded;

import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A disk in memory that can be full, fail, and be looked into and changed between two openings. */
public class MemoryDisk implements Disk {
    private final Map<String, Content> files = new TreeMap<>();

    /** The names that a loss of power leaves: those of the last sync of the directory. */
    private final Map<String, Content> durable = new TreeMap<>();

    public final AtomicInteger syncs = new AtomicInteger();

    /** Bytes that a write may still add. */
    public volatile long space = Long.MAX_VALUE;

    public volatile boolean syncFails;
    public volatile boolean renameFails;

    /** When set, each sync waits for a permit. */
    public volatile @Nullable Semaphore syncPermits;

    /** What a file holds, whatever it is called. */
    private static final class Content {
        byte[] bytes = new byte[0];

        /** What a loss of power leaves of it. */
        byte[] synced = new byte[0];
    }

    /** A disk with a copy of the same files, as another process would find them. */
    public MemoryDisk copy() {
        MemoryDisk copy = new MemoryDisk();
        synchronized (files) {
            files.forEach((name, content) -> copy.put(name, content.bytes.clone()));
        }
        return copy;
    }

    /**
     * A disk with what a loss of power would leave of this one, and nothing that was not synced.
     */
    MemoryDisk afterPowerLoss() {
        MemoryDisk left = new MemoryDisk();
        synchronized (files) {
            durable.forEach((name, content) -> left.put(name, content.synced.clone()));
        }
        return left;
    }

    byte[] bytes(String name) {
        synchronized (files) {
            return content(name).bytes.clone();
        }
    }

    private Content content(String name) {
        Content content = files.get(name);
        if (content == null) {
            throw new AssertionError("no file " + name);
        }
        return content;
    }

    void put(String name, byte[] bytes) {
        synchronized (files) {
            files.computeIfAbsent(name, _ -> new Content()).bytes = bytes;
        }
    }

    @Override
    public DiskFile open(String path) {
        return new MemoryFile(path);
    }

    @Override
    public DiskFile create(String path) throws IOException {
        if (exists(path)) {
            throw new IOException(path + " exists");
        }
        put(path, new byte[0]);
        return new MemoryFile(path);
    }

    @Override
    public boolean exists(String path) {
        synchronized (files) {
            return files.containsKey(path);
        }
    }

    @Override
    public List<String> list(String directory) {
        synchronized (files) {
            return List.copyOf(files.keySet());
        }
    }

    @Override
    public void createDirectories(String directory) {}

    @Override
    public void delete(String path) {
        synchronized (files) {
            files.remove(path);
        }
    }

    @Override
    public void deleteRecursively(String directory) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void rename(String from, String to) throws IOException {
        if (renameFails) {
            throw new IOException("rename fails");
        }
        synchronized (files) {
            files.put(to, content(from));
            files.remove(from);
        }
    }

    @Override
    public void syncDirectory(String directory) {
        synchronized (files) {
            durable.clear();
            durable.putAll(files);
        }
    }

    private final class MemoryFile implements DiskFile {
        private final String name;

        MemoryFile(String name) {
            this.name = name;
        }

        private byte[] current() {
            return bytes(name);
        }

        @Override
        public int read(ByteBuffer target, long position) {
            byte[] bytes = current();
            int count = (int) Math.min(target.remaining(), bytes.length - position);
            target.put(bytes, (int) position, count);
            return count;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            byte[] bytes = current();
            long grows = Math.max(0, position + source.remaining() - bytes.length);
            int count = (int) Math.min(source.remaining(), source.remaining() - grows + space);
            int size = (int) Math.max(bytes.length, position + count);
            byte[] next = Arrays.copyOf(bytes, size);
            source.get(next, (int) position, count);
            put(name, next);
            if (source.hasRemaining()) {
                throw new DiskFullException("no space");
            }
        }

        @Override
        public void write(ByteBuffer[] sources, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void sync() throws IOException {
            Semaphore permits = syncPermits;
            if (permits != null) {
                permits.acquireUninterruptibly();
            }
            if (syncFails) {
                throw new IOException("sync fails");
            }
            syncs.incrementAndGet();
            synchronized (files) {
                content(name).synced = content(name).bytes.clone();
            }
        }

        @Override
        public void truncate(long size) {
            put(name, Arrays.copyOf(current(), (int) size));
        }

        @Override
        public long size() {
            return current().length;
        }

        @Override
        public boolean inPlace() {
            return true;
        }

        @Override
        public void close() {}
    }
}
