package io.ackgate.record;

import static io.ackgate.record.Samples.golden;
import static io.ackgate.record.Samples.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ackgate.record.SampleRecord.SampleHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds the code to the bytes in {@code golden}, which a program of another language wrote from the
 * layout's description alone. A change here is a change of what lies on disks.
 */
class GoldenVectorsTest {
    private static final long TIME = 1517363399650L;
    private static final List<SampleRecord> FOUR =
            List.of(
                    new SampleRecord(
                            TIME,
                            utf8("uw"),
                            utf8("quake"),
                            List.of(
                                    new SampleHeader("trace", utf8("7f")),
                                    new SampleHeader("", new byte[0]),
                                    new SampleHeader("gone", null))),
                    new SampleRecord(TIME - 250, new byte[0], new byte[0], List.of()),
                    new SampleRecord(TIME + 1_000_000, null, null, List.of()),
                    new SampleRecord(
                            TIME,
                            utf8("A\u011fr\u0131"),
                            utf8("x".repeat(70)),
                            List.of(new SampleHeader("k", utf8("v")))));

    @Test
    void the_smallest_batch() {
        RecordBatchBuilder builder = new RecordBatchBuilder(0, Samples.ENOUGH);
        builder.append(TIME, null, utf8("a"));
        assertArrayEquals(golden("one-record.batch.hex"), SampleRecord.bytes(builder.build()));
    }

    @Test
    void the_frame_on_the_formats_page() throws IOException {
        ByteBuffer frame = Samples.withHeadRoom(ByteBuffer.wrap(golden("one-record.batch.hex")));
        BatchFrame.stampInPlace(frame, 1, 2, 3, 4, 5, 6);
        String page =
                Files.readString(
                        Path.of(
                                System.getProperty("repository.root"),
                                "proto/docs/batch-format.md"));
        String shown = page.split("```", -1)[1].replaceAll("(?m)^ *\\d+  ", "");
        assertEquals(
                HexFormat.ofDelimiter(" ").formatHex(SampleRecord.bytes(frame)),
                shown.strip().replaceAll("\\s+", " "));
    }

    @Test
    void a_batch_with_everything() {
        assertArrayEquals(
                golden("four-records.batch.hex"), SampleRecord.bytes(fourRecords().build()));
    }

    @Test
    void a_frame() {
        ByteBuffer frame = fourRecords().buildWithHeadRoom();
        BatchFrame.stampInPlace(
                frame,
                0x6f1c1c0e9d7b4c5aL,
                0x8f3e2b1a09f8e7d6L,
                5,
                1099511627776L,
                42,
                1_517_364_400_000L);
        assertArrayEquals(golden("four-records.frame.hex"), SampleRecord.bytes(frame));
        assertEquals(new FrameVerdict.Ok(238), BatchFrame.verify(frame, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"four-records.batch.hex", "four-records-gzip.batch.hex"})
    void the_same_records_plain_and_compressed(String name) throws Exception {
        ByteBuffer batch = ByteBuffer.wrap(golden(name));
        assertInstanceOf(
                BatchVerdict.Valid.class,
                BatchValidator.validate(batch, Samples.ENOUGH, Long.MAX_VALUE));
        assertEquals(SampleRecord.texts(FOUR, 0), Samples.read(batch));
        assertEquals(SampleRecord.texts(FOUR, 0), KafkaBatches.read(KafkaBatches.only(batch)));
        assertEquals(2147483646, RecordBatch.baseSequence(batch, 0));
        assertEquals(1, RecordBatch.lastSequence(batch, 0));
    }

    private static RecordBatchBuilder fourRecords() {
        RecordBatchBuilder builder = new RecordBatchBuilder(0, Samples.ENOUGH);
        Samples.appendAll(builder, FOUR);
        builder.producer(4711, (short) 3, 2147483646);
        return builder;
    }
}
