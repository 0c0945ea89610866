package io.ackgate.gateway.consume;

import io.ackgate.record.Compression;
import io.ackgate.record.Decompressor;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;

/** Undoes gzip as it is read, and counts how often and how much. */
final class CountingGzip implements Decompressor {
    private int opened;
    private int closed;
    private long plainBytes;

    int opened() {
        return opened;
    }

    int closed() {
        return closed;
    }

    /** Bytes that came out of all streams. */
    long plainBytes() {
        return plainBytes;
    }

    @Override
    public Compression compression() {
        return Compression.GZIP;
    }

    @Override
    public InputStream stream(ByteBuffer compressed) throws IOException {
        byte[] bytes = new byte[compressed.remaining()];
        compressed.slice().get(bytes);
        opened++;
        return new FilterInputStream(new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int read = super.read(into, offset, length);
                plainBytes += Math.max(0, read);
                return read;
            }

            @Override
            public void close() throws IOException {
                closed++;
                super.close();
            }
        };
    }
}
