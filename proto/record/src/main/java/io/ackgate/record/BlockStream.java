package io.ackgate.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What compressed blocks decompress to, one block in memory at a time. The library that
 * decompresses a block is given arrays with their bounds. Confined to one thread.
 */
abstract class BlockStream extends InputStream implements HoldsMemory {
    /** The most that one block may decompress to, whatever it says of itself: 16 MiB. */
    static final int MAX_BLOCK_BYTES = 16 << 20;

    private static final byte[] NOTHING = {};

    /** What is left of the compressed bytes; big endian. */
    final ByteBuffer left;

    private byte[] compressed = NOTHING;
    private byte[] plain = NOTHING;
    private int at;
    private int end;

    BlockStream(ByteBuffer compressed) {
        this.left = compressed.slice().order(ByteOrder.BIG_ENDIAN);
    }

    /** Sets the next block, which may be empty; gives false if there is none. */
    abstract boolean nextBlock() throws IOException;

    /** Takes so many bytes off what is left, from index 0 of the array that it gives. */
    final byte[] take(int bytes) throws IOException {
        require(bytes);
        if (compressed.length < bytes) {
            compressed = new byte[bytes];
        }
        left.get(compressed, 0, bytes);
        return compressed;
    }

    final void require(int bytes) throws IOException {
        if (bytes < 0 || bytes > left.remaining()) {
            throw new IOException(
                    "a block of %d bytes where %d are left".formatted(bytes, left.remaining()));
        }
    }

    /** An array for a block of at most so many bytes. */
    final byte[] room(int bytes) {
        if (plain.length < bytes) {
            plain = new byte[bytes];
        }
        return plain;
    }

    /** The block has so many bytes, from index 0 of its room. */
    final void filled(int bytes) {
        at = 0;
        end = bytes;
    }

    @Override
    public int read() throws IOException {
        return fill() ? plain[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int given = Math.min(length, end - at);
        System.arraycopy(plain, at, into, offset, given);
        at += given;
        return given;
    }

    private boolean fill() throws IOException {
        while (at == end) {
            if (!nextBlock()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int heldBytes() {
        return compressed.length + plain.length;
    }

    @Override
    public void close() {
        left.position(left.limit());
        compressed = NOTHING;
        plain = NOTHING;
        at = 0;
        end = 0;
    }
}
