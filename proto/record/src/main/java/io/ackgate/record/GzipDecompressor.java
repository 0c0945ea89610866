package io.ackgate.record;

import static io.ackgate.record.UnreadableBatchException.malformed;

import io.ackgate.record.UnreadableBatchException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;

/**
 * Undoes gzip (RFC 1952), one member or several. As a whole it works on buffers, which {@code
 * GZIPInputStream} does not, and holds both trailers, checksum and size, against what came out. May
 * be shared by threads.
 */
final class GzipDecompressor implements Decompressor {
    private static final int MIN_HEADER_BYTES = 10;
    private static final int TRAILER_BYTES = 8;
    private static final int MAGIC_AND_DEFLATE = 0x1F8B08;
    private static final int FLAGS_AT = 3;
    private static final int HEADER_CRC_FLAG = 0x02;
    private static final int EXTRA_FLAG = 0x04;
    private static final int NAME_FLAG = 0x08;
    private static final int COMMENT_FLAG = 0x10;
    private static final int RESERVED_FLAGS = 0xE0;

    /** What a JVM can allocate in one piece, header of the array left aside. */
    private static final int GREATEST_ARRAY = Integer.MAX_VALUE - 8;

    @Override
    public Compression compression() {
        return Compression.GZIP;
    }

    @Override
    public ByteBuffer decompress(ByteBuffer compressed, int maxBytes)
            throws UnreadableBatchException {
        ByteBuffer in = compressed.slice();
        int bound = Math.min(maxBytes, GREATEST_ARRAY - 1);
        int guess = (int) Math.min(bound, Math.max(512, 4L * in.remaining()));
        ByteBuffer out = ByteBuffer.allocate(guess);
        do {
            skipHeader(in);
            int memberStart = out.position();
            out = inflate(in, out, bound);
            checkTrailer(in, out, memberStart);
        } while (in.hasRemaining());
        return out.flip();
    }

    @Override
    public InputStream stream(ByteBuffer compressed) throws IOException {
        return new GZIPInputStream(new BufferStream(compressed));
    }

    private static void skipHeader(ByteBuffer in) throws UnreadableBatchException {
        int start = in.position();
        if (in.remaining() < MIN_HEADER_BYTES || in.getInt(start) >>> 8 != MAGIC_AND_DEFLATE) {
            throw malformed("the records do not start with a gzip header");
        }
        int flags = in.get(start + FLAGS_AT);
        if ((flags & RESERVED_FLAGS) != 0) {
            throw malformed("the gzip header has reserved flags set");
        }
        skip(in, MIN_HEADER_BYTES);
        if ((flags & EXTRA_FLAG) != 0) {
            skip(in, 2);
            skip(in, Short.toUnsignedInt(Short.reverseBytes(in.getShort(in.position() - 2))));
        }
        if ((flags & NAME_FLAG) != 0) {
            skipText(in);
        }
        if ((flags & COMMENT_FLAG) != 0) {
            skipText(in);
        }
        if ((flags & HEADER_CRC_FLAG) != 0) {
            skip(in, 2);
        }
    }

    private static void skip(ByteBuffer in, int bytes) throws UnreadableBatchException {
        if (in.remaining() < bytes) {
            throw malformed("the gzip header ends too early");
        }
        in.position(in.position() + bytes);
    }

    private static void skipText(ByteBuffer in) throws UnreadableBatchException {
        do {
            skip(in, 1);
        } while (in.get(in.position() - 1) != 0);
    }

    /** Gives the buffer, or a larger one in its place, with what came out added to it. */
    private static ByteBuffer inflate(ByteBuffer in, ByteBuffer out, int maxBytes)
            throws UnreadableBatchException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(in);
            ByteBuffer target = out;
            while (true) {
                int written = inflater.inflate(target);
                if (inflater.finished()) {
                    requireAtMost(target.position(), maxBytes);
                    return target;
                }
                if (!target.hasRemaining()) {
                    requireAtMost(target.position(), maxBytes);
                    target = enlarge(target, maxBytes);
                } else if (written == 0) {
                    throw malformed("the gzip data end too early");
                }
            }
        } catch (DataFormatException e) {
            throw malformed("the gzip data are invalid: " + e.getMessage());
        } finally {
            inflater.end();
        }
    }

    private static void requireAtMost(int bytes, int maxBytes) throws UnreadableBatchException {
        if (bytes > maxBytes) {
            throw new UnreadableBatchException(
                    Reason.TOO_LARGE, "the records decompress to more than " + maxBytes + " bytes");
        }
    }

    private static ByteBuffer enlarge(ByteBuffer full, int maxBytes) {
        // One byte more than allowed, since data that end right at the bound are not seen to end
        // while there is no room behind it.
        long capacity = Math.min(maxBytes + 1L, Math.max(512, 2L * full.capacity()));
        return ByteBuffer.allocate((int) capacity).put(full.flip());
    }

    private static void checkTrailer(ByteBuffer in, ByteBuffer out, int memberStart)
            throws UnreadableBatchException {
        if (in.remaining() < TRAILER_BYTES) {
            throw malformed("the gzip data end too early");
        }
        int size = out.position() - memberStart;
        CRC32 crc = new CRC32();
        crc.update(out.array(), out.arrayOffset() + memberStart, size);
        int storedCrc = Integer.reverseBytes(in.getInt());
        int storedSize = Integer.reverseBytes(in.getInt());
        if (storedCrc != (int) crc.getValue() || storedSize != size) {
            throw malformed("the gzip data do not fit their checksum or size");
        }
    }
}
