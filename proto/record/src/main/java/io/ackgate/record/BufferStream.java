package io.ackgate.record;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** The bytes of a buffer as a stream; the buffer itself does not move. Confined to one thread. */
final class BufferStream extends InputStream {
    private final ByteBuffer left;

    BufferStream(ByteBuffer bytes) {
        this.left = bytes.slice();
    }

    @Override
    public int read() {
        return left.hasRemaining() ? left.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (!left.hasRemaining()) {
            return -1;
        }
        int given = Math.min(length, left.remaining());
        left.get(into, offset, given);
        return given;
    }

    @Override
    public int available() {
        return left.remaining();
    }
}
