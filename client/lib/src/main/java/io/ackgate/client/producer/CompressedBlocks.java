package io.ackgate.client.producer;

import io.airlift.compress.Compressor;
import io.airlift.compress.lz4.Lz4Compressor;
import io.airlift.compress.snappy.SnappyCompressor;
import io.airlift.compress.zstd.ZstdCompressor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Kafka's formats that frame blocks of a library's. */
final class CompressedBlocks {
    private CompressedBlocks() {}

    /** The framing of snappy-java: its magic and version, then blocks with their lengths. */
    static final class Snappy implements RecordCompression.Format {
        private static final int BLOCK_BYTES = 32 << 10;
        private static final byte[] HEADER = {
            (byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0, 0, 0, 0, 1, 0, 0, 0, 1
        };

        @Override
        public void write(byte[] from, int start, int length, ByteArrayOutputStream out) {
            out.writeBytes(HEADER);
            Block block = new Block(new SnappyCompressor(), BLOCK_BYTES, ByteOrder.BIG_ENDIAN);
            for (int done = 0; done < length; done += BLOCK_BYTES) {
                int size = block.compress(from, start + done, Math.min(BLOCK_BYTES, length - done));
                out.writeBytes(block.bytesOf(size));
                out.write(block.bytes, 0, size);
            }
        }
    }

    /** The LZ4 frame format without checksums, in independent blocks. */
    static final class Lz4 implements RecordCompression.Format {
        private static final int BLOCK_BYTES = 64 << 10;
        private static final int NOT_COMPRESSED = 1 << 31;

        /** Magic, version 1 with independent blocks, blocks of 64 KiB, checksum of these two. */
        private static final byte[] HEADER = {0x04, 0x22, 0x4D, 0x18, 0x60, 0x40, (byte) 0x82};

        @Override
        public void write(byte[] from, int start, int length, ByteArrayOutputStream out) {
            out.writeBytes(HEADER);
            Block block = new Block(new Lz4Compressor(), BLOCK_BYTES, ByteOrder.LITTLE_ENDIAN);
            for (int done = 0; done < length; done += BLOCK_BYTES) {
                int plain = Math.min(BLOCK_BYTES, length - done);
                int size = block.compress(from, start + done, plain);
                if (size < plain) {
                    out.writeBytes(block.bytesOf(size));
                    out.write(block.bytes, 0, size);
                } else {
                    out.writeBytes(block.bytesOf(plain | NOT_COMPRESSED));
                    out.write(from, start + done, plain);
                }
            }
            // A block of no bytes ends the frame.
            out.writeBytes(block.bytesOf(0));
        }
    }

    /** One frame of Zstandard, as the library makes it. */
    static final class Zstd implements RecordCompression.Format {
        @Override
        public void write(byte[] from, int start, int length, ByteArrayOutputStream out) {
            Block block = new Block(new ZstdCompressor(), length, ByteOrder.LITTLE_ENDIAN);
            out.write(block.bytes, 0, block.compress(from, start, length));
        }
    }

    /** Room for a compressed block, and the number that stands before it. */
    private static final class Block {
        final byte[] bytes;
        private final Compressor compressor;
        private final ByteBuffer number;

        Block(Compressor compressor, int mostBytes, ByteOrder order) {
            this.compressor = compressor;
            this.bytes = new byte[compressor.maxCompressedLength(mostBytes)];
            this.number = ByteBuffer.allocate(Integer.BYTES).order(order);
        }

        int compress(byte[] from, int start, int length) {
            return compressor.compress(from, start, length, bytes, 0, bytes.length);
        }

        byte[] bytesOf(int value) {
            return number.putInt(0, value).array();
        }
    }
}
