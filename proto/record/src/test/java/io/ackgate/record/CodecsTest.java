package io.ackgate.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.record.KafkaBatches.Head;
import io.ackgate.record.UnreadableBatchException.Reason;
import io.airlift.compress.snappy.SnappyCompressor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Snappy, LZ4 and zstd as Kafka's clients write them, and as nobody should. */
class CodecsTest {
    private static Decompressor of(CompressionType type) {
        return switch (type) {
            case GZIP -> new GzipDecompressor();
            case SNAPPY -> new SnappyDecompressor();
            case LZ4 -> new Lz4Decompressor();
            case ZSTD -> new ZstdDecompressor();
            case NONE -> throw new IllegalArgumentException();
        };
    }

    private static byte[] plain(Decompressor decompressor, byte[] compressed) throws IOException {
        try (InputStream in = decompressor.stream(ByteBuffer.wrap(compressed).asReadOnlyBuffer())) {
            return in.readAllBytes();
        }
    }

    private static byte[] records(ByteBuffer batch) {
        return SampleRecord.bytes(batch.duplicate().position(61));
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void every_shape_that_kafka_writes_is_read(CompressionType type) throws Exception {
        for (int seed = 0; seed < 300; seed++) {
            List<SampleRecord> records = Samples.random(new Random(seed));
            ByteBuffer plain = KafkaBatches.write(Head.of(CompressionType.NONE), records);
            ByteBuffer batch = KafkaBatches.write(Head.of(type), records);
            assertArrayEquals(records(plain), plain(of(type), records(batch)), "seed " + seed);
        }
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void records_over_many_blocks_are_read_one_by_one(CompressionType type) throws Exception {
        byte[] value = new byte[3 << 20];
        new Random(1).nextBytes(value);
        Arrays.fill(value, 1 << 20, 2 << 20, (byte) 7);
        List<SampleRecord> records =
                List.of(
                        new SampleRecord(0, null, value, List.of()),
                        new SampleRecord(1, Samples.utf8("k"), Samples.utf8("last"), List.of()));
        ByteBuffer batch = KafkaBatches.write(Head.of(type), records);
        RecordBatchReader reader = new RecordBatchReader(8 << 20);
        reader.resetAt(batch, 0, 4 << 20);
        assertTrue(reader.next());
        assertEquals(ByteBuffer.wrap(value), reader.value());
        assertTrue(reader.bytesBesideBatch() < (13 << 20), reader.bytesBesideBatch() + " bytes");
        reader.resetAt(batch, 1, 20);
        assertEquals(SampleRecord.texts(records, 0).subList(1, 2), Samples.read(reader));
        assertEquals(0, reader.bytesBesideBatch() - reader.records().limit());
    }

    @Test
    void snappy_without_a_frame_is_read_as_librdkafka_writes_it() throws Exception {
        byte[] plain = records(Samples.build(Samples.earthquakes()));
        SnappyCompressor compressor = new SnappyCompressor();
        byte[] block = new byte[compressor.maxCompressedLength(plain.length)];
        int length = compressor.compress(plain, 0, plain.length, block, 0, block.length);
        assertArrayEquals(plain, plain(new SnappyDecompressor(), Arrays.copyOf(block, length)));
    }

    @Test
    void a_zstd_frame_that_asks_for_much_memory_is_not_begun() {
        // Windows of 2 GiB and of 9 MiB; one segment of 2^40 bytes; blocks of 2 MiB from four
        // bytes.
        assertNotDecompressed("window", new ZstdDecompressor(), "28b52ffd 00 a8 010000");
        assertNotDecompressed("window", new ZstdDecompressor(), "28b52ffd 00 69 010000");
        assertNotDecompressed(
                "window", new ZstdDecompressor(), "28b52ffd e0 0000000000010000 010000");
        assertNotDecompressed("block", new ZstdDecompressor(), "28b52ffd 00 58 0300ff 41");
        assertNotDecompressed("dictionary", new ZstdDecompressor(), "28b52ffd 01 58 07 010000");
        assertNotDecompressed("too early", new ZstdDecompressor(), "28b52ffd 00 58 000000");
    }

    @Test
    void snappy_blocks_that_say_they_become_much_are_not_begun() {
        // 2 GiB from six bytes; 1,000 bytes from three; a block that is longer than what there is.
        assertNotDecompressed("becomes", new SnappyDecompressor(), "ffffffff0700");
        assertNotDecompressed("becomes", new SnappyDecompressor(), "e80700");
        String framed = "82534e41505059 00 00000001 00000001";
        assertNotDecompressed("block", new SnappyDecompressor(), framed + "7fffffff 00");
        assertNotDecompressed("block", new SnappyDecompressor(), framed + "ffffffff 00");
        assertNotDecompressed("block", new SnappyDecompressor(), framed + "00");
    }

    @Test
    void lz4_frames_that_kafka_does_not_read_are_not_read_either() throws Exception {
        ByteBuffer batch = KafkaBatches.write(Head.of(CompressionType.LZ4), Samples.earthquakes());
        byte[] frame = records(batch);
        for (int i = 0; i < 7; i++) {
            byte[] changed = frame.clone();
            changed[i] ^= 0x20;
            assertThrows(IOException.class, () -> plain(new Lz4Decompressor(), changed));
        }
        byte[] behind = Arrays.copyOf(frame, frame.length + 1);
        assertThrows(IOException.class, () -> plain(new Lz4Decompressor(), behind));
    }

    @Test
    void checksums_of_lz4_blocks_are_held_against_them() throws Exception {
        byte[] frame = lz4WithBlockChecksum(Samples.utf8("some text, as it is"));
        assertArrayEquals(Samples.utf8("some text, as it is"), plain(new Lz4Decompressor(), frame));
        frame[12] ^= 1;
        assertThrows(IOException.class, () -> plain(new Lz4Decompressor(), frame));
    }

    private static byte[] lz4WithBlockChecksum(byte[] text) {
        ByteBuffer frame = ByteBuffer.allocate(text.length + 27);
        frame.order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(0x184D2204);
        byte[] header = {0x74, 0x40};
        frame.put(header).put((byte) (XxHash32.hash(header, 0, 2) >>> 8));
        frame.putInt(text.length | 1 << 31).put(text).putInt(XxHash32.hash(text, 0, text.length));
        return Arrays.copyOf(frame.putInt(0).putInt(99).array(), frame.position());
    }

    @Test
    void the_checksum_is_xxhash() {
        assertEquals(0x02CC5D05, XxHash32.hash(new byte[0], 0, 0));
        byte[] abc = Samples.utf8("-abc");
        assertEquals(0x32D153FF, XxHash32.hash(abc, 1, 3));
        byte[] text = Samples.utf8("Nobody inspects the spammish repetition");
        assertEquals(0xE2293B2F, XxHash32.hash(text, 0, text.length));
    }

    /** The library works beside the bounds of arrays where it is wrong; it is not to be. */
    @ParameterizedTest
    @EnumSource(value = CompressionType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void changed_bytes_are_found_or_give_something_bounded(CompressionType type) {
        int unreadable = 0;
        List<SampleRecord> quakes = Samples.earthquakes();
        byte[] whole = records(KafkaBatches.write(Head.of(type), quakes.subList(0, 20)));
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = whole.clone();
            for (int n = random.nextInt(1, 4); n > 0; n--) {
                bytes[random.nextInt(random.nextBoolean() ? 100 : bytes.length)] =
                        (byte) random.nextInt(256);
            }
            try {
                RecordStream.whole(of(type), ByteBuffer.wrap(bytes), Samples.ENOUGH);
            } catch (UnreadableBatchException e) {
                unreadable++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertTrue(unreadable > 5_000, unreadable + " were unreadable");
    }

    private static void assertNotDecompressed(
            String words, Decompressor decompressor, String compressed) {
        UnreadableBatchException found =
                assertThrows(
                        UnreadableBatchException.class,
                        () ->
                                RecordStream.whole(
                                        decompressor, ByteBuffer.wrap(hex(compressed)), 64 << 20));
        assertEquals(Reason.NOT_DECOMPRESSED, found.reason());
        assertTrue(String.valueOf(found.getMessage()).contains(words), found.getMessage());
    }
}
