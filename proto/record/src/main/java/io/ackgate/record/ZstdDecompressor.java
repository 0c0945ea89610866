package io.ackgate.record;

import io.airlift.compress.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Undoes Zstandard (RFC 8878), one frame or several, within {@link ZstdFrames}' bounds. */
final class ZstdDecompressor implements Decompressor {
    @Override
    public Compression compression() {
        return Compression.ZSTD;
    }

    @Override
    public InputStream stream(ByteBuffer compressed) throws IOException {
        int window = ZstdFrames.greatestWindow(compressed);
        return new Plain(new ZstdInputStream(new BufferStream(compressed)), window);
    }

    /** What is invalid ends in exceptions of many kinds in the library, and here in one. */
    private static final class Plain extends InputStream implements HoldsMemory {
        private final ZstdInputStream plain;
        private final int window;

        Plain(ZstdInputStream plain, int window) {
            this.plain = plain;
            this.window = window;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            try {
                return plain.read(into, offset, length);
            } catch (RuntimeException e) {
                throw new IOException("the zstd data are invalid: " + e.getMessage(), e);
            }
        }

        /** The library keeps up to four windows, or the greatest window it reads and a block. */
        @Override
        public int heldBytes() {
            return Math.min(4 * window, ZstdFrames.MAX_WINDOW_BYTES) + 3 * ZstdFrames.BLOCK_BYTES;
        }

        @Override
        public void close() throws IOException {
            plain.close();
        }
    }
}
