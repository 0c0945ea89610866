package io.ackgate.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Undoes one LZ4 frame, as far as Kafka does: version 1, blocks that do not depend on each other,
 * no dictionary. The checksums of header and blocks are checked; that of the content is not, which
 * the checksum of the batch covers.
 */
final class Lz4Decompressor implements Decompressor {
    @Override
    public Compression compression() {
        return Compression.LZ4;
    }

    @Override
    public InputStream stream(ByteBuffer compressed) throws IOException {
        Blocks blocks = new Blocks(compressed);
        blocks.begin();
        return blocks;
    }

    private static final class Blocks extends BlockStream {
        private static final int MAGIC = 0x184D2204;
        private static final int UNCOMPRESSED = 1 << 31;

        /** The most that a byte of a block can become: it can lengthen a match by 255. */
        private static final int GREATEST_RATIO = 255;

        /** Room behind that: the library wants some where a match ends. */
        private static final int SPARE_BYTES = 64;

        private static final int VERSION_MASK = 0xC0;
        private static final int VERSION_1 = 0x40;
        private static final int INDEPENDENT_FLAG = 0x20;
        private static final int BLOCK_CHECKSUM_FLAG = 0x10;
        private static final int CONTENT_SIZE_FLAG = 0x08;
        private static final int CONTENT_CHECKSUM_FLAG = 0x04;
        private static final int RESERVED_FLAG = 0x02;
        private static final int DICTIONARY_FLAG = 0x01;

        private final io.airlift.compress.lz4.Lz4Decompressor block =
                new io.airlift.compress.lz4.Lz4Decompressor();
        private boolean blockChecksum;
        private boolean contentChecksum;
        private int maxBlockBytes;
        private boolean finished;

        Blocks(ByteBuffer compressed) {
            super(compressed);
        }

        void begin() throws IOException {
            require(7);
            if (littleEndianInt() != MAGIC) {
                throw new IOException("the records do not start with an LZ4 frame");
            }
            int flags = left.get(4) & 0xFF;
            int descriptor = left.get(5) & 0xFF;
            if ((flags & VERSION_MASK) != VERSION_1
                    || (flags & RESERVED_FLAG) != 0
                    || (flags & DICTIONARY_FLAG) != 0
                    || (flags & INDEPENDENT_FLAG) == 0) {
                throw new IOException(
                        "LZ4 flags 0x%02x: version 1 with independent blocks and no dictionary is"
                                        .formatted(flags)
                                + " read");
            }
            int size = descriptor >>> 4;
            if (size < 4 || size > 7 || (descriptor & 0x0F) != 0) {
                throw new IOException("LZ4 block descriptor 0x%02x".formatted(descriptor));
            }
            maxBlockBytes = 1 << (8 + 2 * size);
            blockChecksum = (flags & BLOCK_CHECKSUM_FLAG) != 0;
            contentChecksum = (flags & CONTENT_CHECKSUM_FLAG) != 0;
            int bytes = (flags & CONTENT_SIZE_FLAG) == 0 ? 2 : 2 + Long.BYTES;
            require(bytes + 1);
            byte[] header = take(bytes);
            if ((byte) (XxHash32.hash(header, 0, bytes) >>> 8) != left.get()) {
                throw new IOException("the LZ4 frame's header does not fit its checksum");
            }
        }

        @Override
        boolean nextBlock() throws IOException {
            if (finished) {
                return false;
            }
            require(Integer.BYTES);
            int head = littleEndianInt();
            if (head == 0) {
                finish();
                return false;
            }
            int bytes = head & ~UNCOMPRESSED;
            if (bytes > maxBlockBytes) {
                throw new IOException(
                        "an LZ4 block of %d bytes in a frame of blocks of %d"
                                .formatted(bytes, maxBlockBytes));
            }
            byte[] compressed = take(bytes);
            if (blockChecksum) {
                require(Integer.BYTES);
                if (littleEndianInt() != XxHash32.hash(compressed, 0, bytes)) {
                    throw new IOException("an LZ4 block does not fit its checksum");
                }
            }
            if ((head & UNCOMPRESSED) != 0) {
                System.arraycopy(compressed, 0, room(bytes), 0, bytes);
                filled(bytes);
            } else {
                decompress(compressed, bytes);
            }
            return true;
        }

        private void decompress(byte[] compressed, int bytes) throws IOException {
            int most = (int) Math.min(maxBlockBytes, (long) GREATEST_RATIO * bytes + SPARE_BYTES);
            try {
                filled(block.decompress(compressed, 0, bytes, room(most), 0, most));
            } catch (RuntimeException e) {
                throw new IOException("an LZ4 block is invalid: " + e.getMessage(), e);
            }
        }

        private void finish() throws IOException {
            finished = true;
            if (contentChecksum) {
                require(Integer.BYTES);
                left.position(left.position() + Integer.BYTES);
            }
            if (left.hasRemaining()) {
                throw new IOException(left.remaining() + " bytes are left behind the LZ4 frame");
            }
        }

        private int littleEndianInt() {
            return Integer.reverseBytes(left.getInt());
        }
    }
}
