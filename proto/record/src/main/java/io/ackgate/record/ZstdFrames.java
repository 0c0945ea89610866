package io.ackgate.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Walks over zstd frames without decompressing: from header to header of frames and blocks. The
 * library believes what they say of themselves, and would take as much memory as a few bytes ask
 * for.
 */
final class ZstdFrames {
    /** The greatest window that the library reads, and the least that RFC 8878 asks for. */
    static final int MAX_WINDOW_BYTES = 8 << 20;

    /** The most that one block may become. */
    static final int BLOCK_BYTES = 128 << 10;

    private static final int MAGIC = 0xFD2FB528;
    private static final int CHECKSUM_FLAG = 0x04;
    private static final int RESERVED_FLAG = 0x08;
    private static final int SINGLE_SEGMENT_FLAG = 0x20;
    private static final int DICTIONARY_MASK = 0x03;
    private static final int MIN_WINDOW_LOG = 10;

    private static final int RLE_BLOCK = 1;
    private static final int RESERVED_BLOCK = 3;

    private final ByteBuffer left;
    private int greatestWindow;

    private ZstdFrames(ByteBuffer compressed) {
        this.left = compressed.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The greatest window of any frame, bytes.
     *
     * @throws IOException if the bytes are not whole frames, or one asks for more than is read
     */
    static int greatestWindow(ByteBuffer compressed) throws IOException {
        ZstdFrames frames = new ZstdFrames(compressed);
        do {
            frames.frame();
        } while (frames.left.hasRemaining());
        return frames.greatestWindow;
    }

    private void frame() throws IOException {
        require(5);
        if (left.getInt() != MAGIC) {
            throw new IOException("the records do not start with a zstd frame");
        }
        int flags = left.get();
        if ((flags & RESERVED_FLAG) != 0 || (flags & DICTIONARY_MASK) != 0) {
            throw new IOException(
                    "zstd flags 0x%02x: frames without a dictionary are read"
                            .formatted(flags & 0xFF));
        }
        window(flags);
        boolean last;
        do {
            last = block();
        } while (!last);
        if ((flags & CHECKSUM_FLAG) != 0) {
            skip(Integer.BYTES);
        }
    }

    private void window(int flags) throws IOException {
        boolean singleSegment = (flags & SINGLE_SEGMENT_FLAG) != 0;
        long window = 0;
        if (!singleSegment) {
            require(1);
            int descriptor = left.get() & 0xFF;
            long base = 1L << (MIN_WINDOW_LOG + (descriptor >>> 3));
            window = base + base / 8 * (descriptor & 0x07);
        }
        long content = contentSize((flags & 0xFF) >>> 6, singleSegment);
        if (singleSegment) {
            window = content;
        }
        if (window < 0 || window > MAX_WINDOW_BYTES) {
            throw new IOException(
                    "a zstd frame needs a window of %s bytes; at most %d are read, which levels up"
                                    .formatted(Long.toUnsignedString(window), MAX_WINDOW_BYTES)
                            + " to 19 keep to");
        }
        greatestWindow = Math.max(greatestWindow, (int) window);
    }

    private long contentSize(int sizeFlag, boolean singleSegment) throws IOException {
        int bytes = sizeFlag == 0 ? singleSegment ? 1 : 0 : 1 << sizeFlag;
        require(bytes);
        return switch (bytes) {
            case 0 -> 0;
            case 1 -> left.get() & 0xFF;
            case 2 -> (left.getShort() & 0xFFFF) + 256;
            case 4 -> left.getInt() & 0xFFFF_FFFFL;
            default -> left.getLong();
        };
    }

    /** Gives whether it is the last one of its frame. */
    private boolean block() throws IOException {
        require(3);
        int head = (left.getShort() & 0xFFFF) | ((left.get() & 0xFF) << 16);
        int type = (head >>> 1) & 0x03;
        int size = head >>> 3;
        if (type == RESERVED_BLOCK || size > BLOCK_BYTES) {
            throw new IOException("a zstd block of type %d and %d bytes".formatted(type, size));
        }
        skip(type == RLE_BLOCK ? 1 : size);
        return (head & 1) != 0;
    }

    private void skip(int bytes) throws IOException {
        require(bytes);
        left.position(left.position() + bytes);
    }

    private void require(int bytes) throws IOException {
        if (left.remaining() < bytes) {
            throw new IOException("the zstd data end too early");
        }
    }
}
