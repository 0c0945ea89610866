package io.ackgate.storage.disk;

import io.ackgate.storage.disk.DiskFaults.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;

/** An open file of a {@link FaultyDisk}. */
final class FaultyFile implements DiskFile {
    private final FaultyDisk disk;
    private final String path;
    private final FileContent content;
    private final int mount;
    private boolean closed;

    FaultyFile(FaultyDisk disk, String path, FileContent content) {
        this.disk = disk;
        this.path = path;
        this.content = content;
        this.mount = disk.mount();
        disk.opened(content);
    }

    private void requireOpen() throws IOException {
        disk.requireRunning();
        if (closed || mount != disk.mount()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        requireOpen();
        disk.faults().check(Operation.REOPEN, path);
        disk.faults().check(Operation.READ, path);
        byte[] bytes = new byte[target.remaining()];
        int length = content.read(bytes, (int) position);
        target.put(bytes, 0, length);
        return length;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        requireOpen();
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        if (disk.crashesNext()) {
            // Half of it had been written.
            content.write((int) position, Arrays.copyOf(bytes, bytes.length / 2));
        }
        disk.operation("write " + path);
        long growth = position + bytes.length - content.size();
        if (growth > disk.space() && bytes.length > 1) {
            int before = content.size();
            int part = (int) Math.max(0, Math.min(disk.space(), bytes.length / 2));
            content.write((int) position, Arrays.copyOf(bytes, part));
            disk.requireWritable(path, content.size() - before);
        }
        disk.requireWritable(path, growth);
        content.write((int) position, bytes);
    }

    @Override
    public void write(ByteBuffer[] sources, long position) throws IOException {
        int total = Arrays.stream(sources).mapToInt(ByteBuffer::remaining).sum();
        ByteBuffer all = ByteBuffer.allocate(total);
        for (ByteBuffer source : sources) {
            all.put(source);
        }
        write(all.flip(), position);
    }

    @Override
    public void sync() throws IOException {
        requireOpen();
        disk.operation("sync " + path);
        try {
            disk.requireSyncable(path);
        } catch (IOException e) {
            content.failSync();
            throw e;
        }
        content.sync();
    }

    @Override
    public void truncate(long size) throws IOException {
        requireOpen();
        disk.faults().check(Operation.TRUNCATE, path);
        disk.operation("truncate " + path);
        content.truncate((int) size);
    }

    @Override
    public long size() throws IOException {
        requireOpen();
        return content.size();
    }

    @Override
    public boolean inPlace() {
        return disk.standsAt(path, content);
    }

    @Override
    public void close() {
        if (!closed && mount == disk.mount()) {
            disk.closed(content);
        }
        closed = true;
    }
}
