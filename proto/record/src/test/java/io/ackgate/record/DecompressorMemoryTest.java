package io.ackgate.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.airlift.compress.lz4.Lz4Compressor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a small batch says of itself does not make its reader take much memory. */
class DecompressorMemoryTest {
    private static final int GREATEST_BLOCK = 4 << 20;

    /** One frame of one block, which says that its blocks are of up to 4 MiB. */
    private static byte[] lz4(byte[] plain) {
        Lz4Compressor compressor = new Lz4Compressor();
        byte[] block = new byte[compressor.maxCompressedLength(plain.length)];
        return lz4Frame(
                Arrays.copyOf(
                        block,
                        compressor.compress(plain, 0, plain.length, block, 0, block.length)));
    }

    private static byte[] lz4Frame(byte[] block) {
        ByteBuffer frame = ByteBuffer.allocate(15 + block.length).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = {0x60, 0x70};
        frame.putInt(0x184D2204).put(header).put((byte) (XxHash32.hash(header, 0, 2) >>> 8));
        return frame.putInt(block.length).put(block).putInt(0).array();
    }

    private static int held(byte[] compressed, byte[] plain) throws IOException {
        try (InputStream in = new Lz4Decompressor().stream(ByteBuffer.wrap(compressed))) {
            assertArrayEquals(plain, in.readAllBytes());
            return ((HoldsMemory) in).heldBytes();
        }
    }

    @Test
    void a_small_lz4_block_takes_what_it_can_become() throws Exception {
        byte[] text = Samples.utf8("a hundred bytes of a batch, whose frame speaks of mebibytes");
        byte[] frame = lz4(text);
        int held = held(frame, text);
        assertTrue(held < 256 * frame.length + 64, held + " bytes for " + frame.length);
    }

    @Test
    void lz4_blocks_that_become_as_much_as_can_be_are_read() throws Exception {
        for (int length : new int[] {20, 300, 5_000, 100_000, GREATEST_BLOCK - 1, GREATEST_BLOCK}) {
            byte[] zeros = new byte[length];
            assertTrue(held(lz4(zeros), zeros) <= 2 * GREATEST_BLOCK, length + " zeros");
            byte[] noise = zeros.clone();
            new Random(length).nextBytes(noise);
            Arrays.fill(noise, length / 3, length / 2, (byte) 7);
            assertTrue(held(lz4(noise), noise) <= 2 * GREATEST_BLOCK + 64, length + " of noise");
        }
    }

    /** A literal, a match whose length is told in n bytes of 255 each, and five literals. */
    @Test
    void an_lz4_match_of_nothing_but_lengths_is_read() throws Exception {
        for (int n = 0; n < 3_000; n = 2 * n + 1) {
            ByteBuffer block = ByteBuffer.allocate(n + 11).order(ByteOrder.LITTLE_ENDIAN);
            block.put((byte) 0x1F).put((byte) 7).putShort((short) 1);
            for (int i = 0; i < n; i++) {
                block.put((byte) 255);
            }
            block.put((byte) 254).put((byte) 0x50).put(new byte[] {7, 7, 7, 7, 7});
            byte[] plain = new byte[1 + 19 + 255 * n + 254 + 5];
            Arrays.fill(plain, (byte) 7);
            assertEquals(0, block.remaining());
            int held = held(lz4Frame(block.array()), plain);
            assertTrue(held <= 256 * block.limit() + 64, held + " bytes");
        }
    }

    /** Compressed bytes that are the plain ones. */
    private record Uncompressed() implements Decompressor {
        @Override
        public Compression compression() {
            return Compression.NONE;
        }

        @Override
        public InputStream stream(ByteBuffer compressed) {
            return new BufferStream(compressed);
        }
    }

    private static RecordStream read(ByteBuffer record) throws Exception {
        RecordStream stream =
                new RecordStream(
                        new Uncompressed(),
                        record,
                        1,
                        RecordBatchReader.MAX_DECOMPRESSED_BYTES,
                        RecordBatchReader.MAX_RECORD_BYTES);
        assertTrue(stream.next(0));
        return stream;
    }

    /** A record that says that it has some length, of which so many bytes are there. */
    private static ByteBuffer record(int length, int there) {
        ByteBuffer record = ByteBuffer.allocate(Varints.MAX_INT_BYTES + there);
        record.position(Varints.put(record, 0, length));
        for (int i = 0; i < there; i++) {
            record.put((byte) ((i * 31) >>> 3));
        }
        return record.flip();
    }

    @Test
    void a_record_takes_no_memory_for_what_it_only_says() throws Exception {
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int there : new int[] {0, 100, 100_000}) {
            try (RecordStream stream = read(record(RecordBatchReader.MAX_RECORD_BYTES, there))) {
                long before = threads.getCurrentThreadAllocatedBytes();
                assertThrows(UnreadableBatchException.class, stream::record);
                long taken = threads.getCurrentThreadAllocatedBytes() - before;
                assertTrue(taken < 1 << 20, taken + " bytes for a record that has " + there);
            }
        }
    }

    @Test
    void records_of_all_lengths_are_read_as_they_are() throws Exception {
        for (int length = 1; length <= RecordBatchReader.MAX_RECORD_BYTES; length *= 2) {
            for (int more = -6; more <= 6; more++) {
                int given = Math.clamp(length + more, 0, RecordBatchReader.MAX_RECORD_BYTES);
                ByteBuffer record = record(given, given);
                try (RecordStream stream = read(record)) {
                    assertEquals(record, stream.record());
                }
            }
        }
    }
}
