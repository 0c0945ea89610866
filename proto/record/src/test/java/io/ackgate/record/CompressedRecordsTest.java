package io.ackgate.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.record.BatchVerdict.Reason;
import io.ackgate.record.KafkaBatches.Head;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client says of a compressed batch is held against what is in it. */
class CompressedRecordsTest {
    private static final int MEBIBYTE = 1 << 20;

    /** Two records of ten bytes each: attributes, deltas, no key, a value of four bytes. */
    private static ByteBuffer two() {
        return Samples.build(
                List.of(
                        new SampleRecord(1_000, null, Samples.utf8("abcd"), List.of()),
                        new SampleRecord(1_001, null, Samples.utf8("efgh"), List.of())));
    }

    private static BatchVerdict verdict(ByteBuffer batch) {
        assertInstanceOf(
                BatchVerdict.Valid.class,
                BatchValidator.validate(batch, 16 * MEBIBYTE, Long.MAX_VALUE),
                "the header alone says nothing wrong");
        return CompressedRecords.validate(batch, 4 * MEBIBYTE, MEBIBYTE);
    }

    private static void assertRefused(Reason reason, String words, ByteBuffer batch) {
        BatchVerdict.Invalid invalid = assertInstanceOf(BatchVerdict.Invalid.class, verdict(batch));
        assertEquals(reason, invalid.reason(), invalid.detail());
        assertTrue(invalid.detail().contains(words), invalid.detail());
    }

    /** Two records, of which something is changed, compressed. */
    private static ByteBuffer liar(CompressionType type, Consumer<ByteBuffer> change) {
        return KafkaBatches.compressed(type, Samples.changed(two(), change));
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void what_kafka_writes_is_taken(CompressionType type) {
        List<SampleRecord> quakes = Samples.earthquakes();
        ByteBuffer batch = KafkaBatches.write(Head.of(type), quakes);
        assertEquals(
                new BatchVerdict.Valid(50, batch.remaining(), Compression.valueOf(type.name())),
                verdict(batch));
        ByteBuffer large =
                KafkaBatches.write(
                        Head.of(type),
                        List.of(
                                new SampleRecord(
                                        5, new byte[300_000], new byte[500_000], List.of()),
                                new SampleRecord(5, null, new byte[900_000], List.of())));
        assertInstanceOf(BatchVerdict.Valid.class, verdict(large));
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void counts_that_are_not_those_of_the_records(CompressionType type) {
        assertRefused(
                Reason.RECORD,
                "by their header 5 records in " + type.name,
                liar(type, b -> b.putInt(57, 5).putInt(23, 4)));
        assertRefused(
                Reason.RECORD,
                "within record 2",
                liar(type, b -> b.putInt(57, Integer.MAX_VALUE).putInt(23, Integer.MAX_VALUE - 1)));
        assertRefused(
                Reason.RECORD,
                "left behind the last record",
                liar(type, b -> b.putInt(57, 1).putInt(23, 0)));
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void records_that_are_none(CompressionType type) {
        ByteBuffer plain = two();
        assertEquals(20, plain.get(61), "the length of the first record, as a varint");
        assertRefused(Reason.RECORD, "offset delta 7", liar(type, b -> b.put(64, (byte) 14)));
        assertRefused(Reason.RECORD, "has length -1", liar(type, b -> b.put(61, (byte) 1)));
        assertRefused(Reason.RECORD, "unknown attributes", liar(type, b -> b.put(62, (byte) 4)));
        assertRefused(
                Reason.TIMESTAMP, "the greatest is 1001", liar(type, b -> b.putLong(35, 2_000)));
        assertRefused(
                Reason.TIMESTAMP,
                "timestamp -31",
                liar(type, b -> b.putLong(27, 0).put(63, (byte) 61)));
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void bytes_that_do_not_decompress(CompressionType type) {
        assertRefused(
                Reason.NOT_DECOMPRESSED,
                "do not decompress",
                KafkaBatches.batch(type, two(), Samples.utf8("zz this is no compressed text")));
        assertRefused(
                Reason.NOT_DECOMPRESSED,
                "do not decompress",
                KafkaBatches.batch(type, two(), Samples.utf8("zz")));
        byte[] whole = SampleRecord.bytes(KafkaBatches.compressed(type, two()).position(61));
        ByteBuffer half = KafkaBatches.batch(type, two(), Arrays.copyOf(whole, whole.length / 2));
        assertInstanceOf(BatchVerdict.Invalid.class, verdict(half));
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void bombs_are_not_decompressed_beyond_the_bounds(CompressionType type) {
        assertRefused(
                Reason.TOO_LARGE,
                "of at most 1048576",
                KafkaBatches.write(
                        Head.of(type),
                        List.of(new SampleRecord(0, null, new byte[2 * MEBIBYTE], List.of()))));
        List<SampleRecord> many = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            many.add(new SampleRecord(0, null, new byte[MEBIBYTE / 2], List.of()));
        }
        assertRefused(
                Reason.TOO_LARGE, "more than 4194304", KafkaBatches.write(Head.of(type), many));
    }
}
