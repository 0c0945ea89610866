package io.ackgate.gateway.metadata.embedded;

import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.simulated.DiskFaults.Operation;
import io.ackgate.storage.disk.simulated.SimDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A simulated disk for a store and the test that looks on: both may use it at the same time, and
 * the test can count and hold the syncs of files.
 */
public class StoreDisk implements Disk {
    private final SimDisk sim;

    /** Syncs of files that have succeeded. */
    public final AtomicInteger syncs = new AtomicInteger();

    /** When set, each sync of a file waits for a permit. */
    public volatile @Nullable Semaphore syncPermits;

    public StoreDisk() {
        this(new SimDisk());
    }

    private StoreDisk(SimDisk sim) {
        this.sim = sim;
    }

    /** A disk with a copy of the same files, as another process would find them. */
    public synchronized StoreDisk copy() {
        StoreDisk copy = new StoreDisk();
        sim.files().forEach(name -> copy.put(name, bytes(name)));
        return copy;
    }

    /** A disk with what a loss of power would leave of this one: nothing that was not synced. */
    synchronized StoreDisk afterPowerLoss() {
        return new StoreDisk(sim.platterOnly());
    }

    /** Bytes that files may grow by from here on. */
    public synchronized void space(long bytes) {
        sim.space(bytes);
    }

    public synchronized void syncsFail(boolean now) {
        sim.setSyncsFail(now);
    }

    /** An operation fails until {@link #heal}. */
    synchronized void fail(Operation operation) {
        sim.faults().fail(operation, "");
    }

    synchronized void heal() {
        sim.faults().heal();
    }

    synchronized byte[] bytes(String name) {
        try {
            return sim.content(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized void put(String name, byte[] bytes) {
        try {
            sim.delete(name);
            try (DiskFile file = sim.create(name)) {
                file.write(ByteBuffer.wrap(bytes), 0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized DiskFile open(String path) throws IOException {
        return new StoreFile(sim.open(path));
    }

    @Override
    public synchronized DiskFile create(String path) throws IOException {
        return new StoreFile(sim.create(path));
    }

    @Override
    public synchronized boolean exists(String path) throws IOException {
        return sim.exists(path);
    }

    @Override
    public synchronized List<String> list(String directory) throws IOException {
        return sim.list(directory);
    }

    @Override
    public synchronized void createDirectories(String directory) throws IOException {
        sim.createDirectories(directory);
    }

    @Override
    public synchronized void delete(String path) throws IOException {
        sim.delete(path);
    }

    @Override
    public synchronized void deleteRecursively(String directory) throws IOException {
        sim.deleteRecursively(directory);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        sim.rename(from, to);
    }

    @Override
    public synchronized void syncDirectory(String directory) throws IOException {
        sim.syncDirectory(directory);
    }

    private final class StoreFile implements DiskFile {
        private final DiskFile file;

        StoreFile(DiskFile file) {
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (StoreDisk.this) {
                return file.read(target, position);
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (StoreDisk.this) {
                file.write(source, position);
            }
        }

        @Override
        public void write(ByteBuffer[] sources, long position) throws IOException {
            synchronized (StoreDisk.this) {
                file.write(sources, position);
            }
        }

        @Override
        public void sync() throws IOException {
            Semaphore permits = syncPermits;
            if (permits != null) {
                permits.acquireUninterruptibly();
            }
            synchronized (StoreDisk.this) {
                file.sync();
            }
            syncs.incrementAndGet();
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (StoreDisk.this) {
                file.truncate(size);
            }
        }

        @Override
        public long size() throws IOException {
            synchronized (StoreDisk.this) {
                return file.size();
            }
        }

        @Override
        public boolean inPlace() {
            synchronized (StoreDisk.this) {
                return file.inPlace();
            }
        }

        @Override
        public void close() throws IOException {
            synchronized (StoreDisk.this) {
                file.close();
            }
        }
    }
}
