package io.ackgate.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Undoes Snappy: the blocks of snappy-java's framing, as Kafka's Java client writes them, or one
 * block without any framing, as clients of librdkafka do. Kafka reads both.
 */
final class SnappyDecompressor implements Decompressor {
    /** 0x82, SNAPPY, 0. */
    private static final long MAGIC = 0x82534E4150505900L;

    /** Behind the magic number: version and the least version that can read it. */
    private static final int VERSIONS_BYTES = 8;

    @Override
    public Compression compression() {
        return Compression.SNAPPY;
    }

    @Override
    public InputStream stream(ByteBuffer compressed) throws IOException {
        Blocks blocks = new Blocks(compressed);
        blocks.begin();
        return blocks;
    }

    private static final class Blocks extends BlockStream {
        /** The most that a byte of a block can become: a copy of 64 bytes takes three. */
        private static final int GREATEST_RATIO = 22;

        private final io.airlift.compress.snappy.SnappyDecompressor block =
                new io.airlift.compress.snappy.SnappyDecompressor();
        private boolean framed;

        Blocks(ByteBuffer compressed) {
            super(compressed);
        }

        void begin() throws IOException {
            framed = left.remaining() >= Long.BYTES && left.getLong(0) == MAGIC;
            if (framed) {
                left.position(Long.BYTES);
                require(VERSIONS_BYTES);
                left.position(Long.BYTES + VERSIONS_BYTES);
            }
        }

        @Override
        boolean nextBlock() throws IOException {
            if (!left.hasRemaining()) {
                return false;
            }
            if (framed) {
                require(Integer.BYTES);
            }
            int bytes = framed ? left.getInt() : left.remaining();
            byte[] compressed = take(bytes);
            int length = plainLength(compressed, bytes);
            try {
                filled(block.decompress(compressed, 0, bytes, room(length), 0, length));
            } catch (RuntimeException e) {
                throw new IOException("a snappy block is invalid: " + e.getMessage(), e);
            }
            return true;
        }

        /** What a block says it becomes: a varint in front of it. */
        private static int plainLength(byte[] block, int bytes) throws IOException {
            long length = 0;
            for (int i = 0; i < Math.min(bytes, Varints.MAX_INT_BYTES); i++) {
                length |= (block[i] & 0x7FL) << (7 * i);
                if (block[i] >= 0) {
                    if (length > MAX_BLOCK_BYTES || length > (long) GREATEST_RATIO * bytes) {
                        throw new IOException(
                                "a snappy block of %d bytes says that it becomes %d; %d at most"
                                        .formatted(bytes, length, MAX_BLOCK_BYTES));
                    }
                    return (int) length;
                }
            }
            throw new IOException("a snappy block does not say what it becomes");
        }
    }
}
