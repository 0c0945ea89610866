package io.ackgate.storage.disk.simulated;

import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.DiskFullException;
import io.ackgate.storage.disk.UnreachableDiskException;
import io.ackgate.storage.disk.simulated.DiskFaults.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** An open file of a {@link SimDisk}; void once the process that opened it is gone. */
final class SimFile implements DiskFile {
    private final SimDisk disk;
    private final String path;
    private final Inode inode;
    private final int mount;
    private boolean closed;
    private boolean keptOpen;

    /** The last time without descriptors that it saw, and whether it had one then. */
    private int shortage;

    private boolean hadDescriptor;

    SimFile(SimDisk disk, String path, Inode inode) {
        this.disk = disk;
        this.path = path;
        this.inode = inode;
        this.mount = disk.mount();
        disk.space().opened(inode);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        requireUsable();
        disk.faults().check(Operation.REOPEN, path);
        disk.faults().check(Operation.READ, path);
        if (disk.readsFail()) {
            throw new IOException("simulated: input/output error");
        }
        Image image = inode.cached();
        int length = (int) Math.min(target.remaining(), Math.max(0, image.size() - position));
        target.put(image.bytes(), (int) position, length);
        return length;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        requireUsable();
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        write(bytes, position);
    }

    @Override
    public void write(ByteBuffer[] sources, long position) throws IOException {
        requireUsable();
        int length = 0;
        for (ByteBuffer source : sources) {
            length += source.remaining();
        }
        byte[] bytes = new byte[length];
        int at = 0;
        for (ByteBuffer source : sources) {
            int part = source.remaining();
            source.get(bytes, at, part);
            at += part;
        }
        write(bytes, position);
    }

    private void write(byte[] bytes, long position) throws IOException {
        int at = Math.toIntExact(position);
        if (disk.crash().isNext()) {
            // Half of it had been written.
            inode.write(at, Arrays.copyOf(bytes, bytes.length / 2));
        }
        disk.crash().operation("write", path);
        long growth = position + bytes.length - inode.cached().size();
        if (disk.space().isFull() && growth > 0) {
            long within = Math.max(0, bytes.length - growth);
            boolean some = disk.dice().chance(0.5);
            writeInPart(at, bytes, some ? (within + bytes.length) / 2 : within);
            throw new DiskFullException("simulated: no space left");
        }
        if (growth > disk.space().left() && bytes.length > 1) {
            int before = inode.cached().size();
            writeInPart(at, bytes, Math.min(disk.space().left(), bytes.length / 2));
            disk.space().require(path, inode.cached().size() - before);
        }
        disk.space().require(path, growth);
        inode.write(at, bytes);
    }

    private void writeInPart(int at, byte[] bytes, long length) {
        if (length > 0) {
            inode.write(at, Arrays.copyOf(bytes, (int) length));
        }
    }

    @Override
    public void sync() throws IOException {
        requireUsable();
        disk.crash().operation("sync", path);
        if (disk.syncs().fails(path)) {
            inode.failSync(disk.dice());
            disk.syncs().hasFailed();
            throw new IOException("simulated: fsync failed");
        }
        inode.sync();
    }

    @Override
    public void truncate(long size) throws IOException {
        requireUsable();
        disk.faults().check(Operation.TRUNCATE, path);
        if (disk.truncatesFail()) {
            throw new UnreachableDiskException("simulated: no file can be cut");
        }
        disk.crash().operation("truncate", path);
        if (size < inode.cached().size()) {
            inode.resize(Math.toIntExact(size));
        }
    }

    @Override
    public long size() throws IOException {
        requireUsable();
        return inode.cached().size();
    }

    @Override
    public void keepOpen() throws IOException {
        requireUsable();
        keptOpen = true;
    }

    @Override
    public boolean inPlace() {
        return disk.standsAt(path, inode);
    }

    @Override
    public void close() {
        if (!closed && mount == disk.mount()) {
            disk.space().closed(inode);
        }
        closed = true;
    }

    private void requireUsable() throws IOException {
        requireOpen();
        if (disk.isOutOfDescriptors() && !hasDescriptor()) {
            throw new UnreachableDiskException("simulated: too many open files");
        }
    }

    /** What was written and not synced keeps the descriptor that it was written through. */
    private boolean hasDescriptor() {
        if (shortage != disk.shortages()) {
            shortage = disk.shortages();
            hadDescriptor = disk.dice().chance(0.5);
        }
        return keptOpen || hadDescriptor || !inode.isClean();
    }

    private void requireOpen() throws IOException {
        disk.crash().requireRunning();
        if (closed) {
            throw new IOException("the file is closed");
        }
        if (mount != disk.mount()) {
            throw new IllegalStateException("a process that is gone still uses its files");
        }
    }
}
