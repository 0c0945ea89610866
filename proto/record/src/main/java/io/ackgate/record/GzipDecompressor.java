package io.ackgate.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;

/** Undoes gzip (RFC 1952), one member or several, and holds both trailers against what came out. */
final class GzipDecompressor implements Decompressor {
    @Override
    public Compression compression() {
        return Compression.GZIP;
    }

    @Override
    public InputStream stream(ByteBuffer compressed) throws IOException {
        return new GZIPInputStream(new BufferStream(compressed));
    }
}
