package io.ackgate.storage.disk.simulated;

import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.DiskFullException;
import io.ackgate.storage.disk.UnreachableDiskException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link SimDisk}; void once the process that opened it is gone. */
final class SimFile implements DiskFile {
    private final SimDisk disk;
    private final Inode inode;
    private final int mount;
    private boolean closed;
    private boolean keptOpen;

    /** The last time without descriptors that it saw, and whether it had one then. */
    private int shortage;

    private boolean hadDescriptor;

    SimFile(SimDisk disk, Inode inode) {
        this.disk = disk;
        this.inode = inode;
        this.mount = disk.mount();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        requireUsable();
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

    private void write(byte[] bytes, long position) throws DiskFullException {
        int at = Math.toIntExact(position);
        if (disk.isFull() && at + bytes.length > inode.cached().size()) {
            int part = Math.min(bytes.length, Math.max(0, inode.cached().size() - at));
            byte[] written = java.util.Arrays.copyOf(bytes, part);
            if (part > 0) {
                inode.write(at, written);
            }
            throw new DiskFullException("simulated: no space left");
        }
        inode.write(at, bytes);
    }

    @Override
    public void sync() throws IOException {
        requireUsable();
        if (disk.syncFails()) {
            inode.failSync(disk.dice());
            disk.syncHasFailed();
            throw new IOException("simulated: fsync failed");
        }
        inode.sync();
    }

    @Override
    public void truncate(long size) throws IOException {
        requireUsable();
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
        return true;
    }

    @Override
    public void close() {
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
        if (closed) {
            throw new IOException("the file is closed");
        }
        if (mount != disk.mount()) {
            throw new IllegalStateException("a process that is gone still uses its files");
        }
    }
}
