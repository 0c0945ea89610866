package io.ackgate.storage.log;

import io.ackgate.storage.disk.DiskFile;
import java.nio.ByteBuffer;

/** Stands in for a segment where there is none. */
final class NoFile implements DiskFile {
    @Override
    public int read(ByteBuffer target, long position) {
        return 0;
    }

    @Override
    public void write(ByteBuffer source, long position) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void write(ByteBuffer[] sources, long position) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void sync() {}

    @Override
    public void truncate(long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long size() {
        return 0;
    }

    @Override
    public void close() {}
}
