package io.ackgate.record;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** Leaves plain records as they are; they are in memory already, so that no bound applies. */
final class NoDecompression implements Decompressor {
    @Override
    public Compression compression() {
        return Compression.NONE;
    }

    @Override
    public ByteBuffer decompress(ByteBuffer compressed, int maxBytes) {
        return compressed;
    }

    @Override
    public InputStream stream(ByteBuffer compressed) {
        return new BufferStream(compressed);
    }
}
