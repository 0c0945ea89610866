package io.ackgate.gateway.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.ackgate.gateway.CompressedBatch;
import io.ackgate.gateway.consume.FrameDecoder.Bound;
import io.ackgate.gateway.failure.FailureException;
import io.ackgate.gateway.grpc.ReadMessages;
import io.ackgate.record.BatchFrame;
import io.ackgate.record.Compression;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.record.RecordBatchReader;
import io.ackgate.v1.ConsumerRecord;
import io.ackgate.v1.FetchResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** An answer is cut by what its receiver gets, within a batch where it has to be. */
class FrameDecoderTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final RecordFormat RECORDS = RecordFormat.RECORDS;
    private static final RecordFormat BATCHES = RecordFormat.BATCHES;

    private static ByteString plain(int records, int valueBytes) {
        RecordBatchBuilder builder = new RecordBatchBuilder(0, 64 << 20);
        for (int i = 0; i < records; i++) {
            builder.append(1_000, null, new byte[valueBytes]);
        }
        return ByteString.copyFrom(builder.build());
    }

    /** Batches as a log holds them, from offset 0 on. */
    private static ByteBuffer frames(ByteString... batches) {
        int bytes = 0;
        for (ByteString batch : batches) {
            bytes += BatchFrame.FRAME_HEADER_BYTES + batch.size();
        }
        ByteBuffer all = ByteBuffer.allocate(bytes);
        long offset = 0;
        for (ByteString batch : batches) {
            ByteBuffer frame = ByteBuffer.allocate(BatchFrame.FRAME_HEADER_BYTES + batch.size());
            batch.copyTo(frame.array(), BatchFrame.FRAME_HEADER_BYTES);
            BatchFrame.stampInPlace(frame, 1, 2, 0, offset, 1, 1_000);
            offset = BatchFrame.lastOffset(frame, 0) + 1;
            all.put(frame);
        }
        return all.flip();
    }

    private static List<DecodedRecords<ConsumerRecord>> chunks(
            ByteBuffer frames, RecordFormat format, Bound bound) {
        return chunks(new FrameDecoder<>(frames, 0, format, false, ReadMessages.RECORDS), bound);
    }

    private static List<DecodedRecords<ConsumerRecord>> chunks(
            FrameDecoder<ConsumerRecord> opened, Bound bound) {
        List<DecodedRecords<ConsumerRecord>> chunks = new ArrayList<>();
        long next = 0;
        try (opened) {
            while (!opened.isFinished()) {
                DecodedRecords<ConsumerRecord> chunk = opened.read(bound);
                assertTrue(chunk.nextOffset() > next, "it goes on");
                next = chunk.nextOffset();
                chunks.add(chunk);
            }
        }
        return chunks;
    }

    private static DecodedRecords<ConsumerRecord> first(
            ByteBuffer frames, long offset, RecordFormat format, Bound bound) {
        try (FrameDecoder<ConsumerRecord> reader =
                new FrameDecoder<>(frames, offset, format, false, ReadMessages.RECORDS)) {
            return reader.read(bound);
        }
    }

    private static List<Long> offsets(List<DecodedRecords<ConsumerRecord>> chunks) {
        return chunks.stream()
                .flatMap(chunk -> chunk.records().stream())
                .map(ConsumerRecord::getOffset)
                .toList();
    }

    private static int answerBytes(DecodedRecords<ConsumerRecord> chunk) {
        return FetchResponse.newBuilder()
                .addAllRecords(chunk.records())
                .build()
                .getSerializedSize();
    }

    @Test
    void what_is_given_is_counted_as_its_receiver_counts_it() throws Exception {
        ByteBuffer frames =
                frames(CompressedBatch.ofZeros(Compression.GZIP, 80, 10_000), plain(3, 10));
        for (DecodedRecords<ConsumerRecord> chunk :
                chunks(frames, RECORDS, Bound.ofBytes(100_000))) {
            assertEquals(answerBytes(chunk), chunk.bytes());
            assertEquals(chunk.records().size(), chunk.recordCount());
        }
        List<DecodedRecords<ConsumerRecord>> batches = chunks(frames, BATCHES, Bound.ofBytes(1));
        assertEquals(List.of(80, 3), batches.stream().map(DecodedRecords::recordCount).toList());
        batches.forEach(
                chunk -> assertEquals(chunk.batches().getFirst().remaining(), chunk.bytes()));
    }

    @Test
    void a_batch_that_becomes_8_mebibytes_is_given_in_pieces() throws Exception {
        ByteBuffer frames =
                frames(CompressedBatch.ofZeros(Compression.GZIP, 80, MEBIBYTE / 10), plain(3, 10));
        assertTrue(frames.remaining() < 20_000);
        List<DecodedRecords<ConsumerRecord>> chunks =
                chunks(frames, RECORDS, Bound.ofBytes(MEBIBYTE));
        assertEquals(LongStream.range(0, 83).boxed().toList(), offsets(chunks));
        chunks.forEach(chunk -> assertTrue(answerBytes(chunk) <= MEBIBYTE));
        assertEquals(9, chunks.size());
    }

    @Test
    void a_plain_batch_is_cut_as_well() {
        List<DecodedRecords<ConsumerRecord>> chunks =
                chunks(frames(plain(10, 400)), RECORDS, Bound.ofBytes(1_000));
        assertEquals(LongStream.range(0, 10).boxed().toList(), offsets(chunks));
        assertEquals(5, chunks.size());
    }

    @Test
    void a_record_above_the_bound_comes_alone() throws Exception {
        ByteBuffer frames =
                frames(
                        plain(1, 10),
                        CompressedBatch.ofZeros(Compression.GZIP, 2, 5_000),
                        plain(1, 10));
        List<DecodedRecords<ConsumerRecord>> chunks = chunks(frames, RECORDS, Bound.ofBytes(1_000));
        assertEquals(List.of(1, 1, 1, 1), chunks.stream().map(c -> c.records().size()).toList());
    }

    @Test
    void one_record_is_all_that_is_decompressed_for_one_record() throws Exception {
        // What comes behind the first record would be more than may be decompressed at all.
        ByteBuffer frames = frames(CompressedBatch.ofZeros(Compression.GZIP, 80, MEBIBYTE));
        DecodedRecords<ConsumerRecord> chunk =
                first(frames, 0, RECORDS, new Bound(2 * MEBIBYTE, 1));
        assertEquals(1, chunk.records().size());
        assertEquals(1, chunk.nextOffset());
        assertThrows(
                FailureException.class,
                () -> first(frames, 70, RECORDS, new Bound(2 * MEBIBYTE, 1)));
    }

    @Test
    void a_record_that_no_answer_can_hold_is_refused_and_named() throws Exception {
        ByteBuffer frames = frames(CompressedBatch.ofZeros(Compression.GZIP, 1, 17 << 20));
        FailureException refused =
                assertThrows(
                        FailureException.class,
                        () -> first(frames, 0, RECORDS, Bound.ofBytes(MEBIBYTE)));
        assertTrue(
                refused.failure().detail().contains("offsets 0 to 0 of partition 0 are of a batch"),
                refused.failure()::detail);
        assertEquals(1, first(frames, 0, BATCHES, Bound.ofBytes(MEBIBYTE)).batches().size());
    }

    @Test
    void a_batch_is_decompressed_once_however_many_answers_it_fills() throws Exception {
        ByteBuffer frames =
                frames(CompressedBatch.ofZeros(Compression.GZIP, 500, 2_000), plain(2, 10));
        CountingGzip gzip = new CountingGzip();
        FrameDecoder<ConsumerRecord> reader =
                new FrameDecoder<>(
                        frames,
                        0,
                        RECORDS,
                        false,
                        ReadMessages.RECORDS,
                        new RecordBatchReader(64 << 20, gzip));
        List<DecodedRecords<ConsumerRecord>> chunks = chunks(reader, Bound.ofBytes(1));
        assertEquals(LongStream.range(0, 502).boxed().toList(), offsets(chunks));
        assertEquals(502, chunks.size(), "one record an answer");
        assertEquals(1, gzip.opened());
        assertTrue(gzip.plainBytes() < 500 * 2_100, () -> gzip.plainBytes() + " bytes came out");
        assertEquals(1, gzip.closed());
    }

    @Test
    void the_record_at_hand_counts_while_it_waits_for_the_next_answer() throws Exception {
        ByteBuffer frames = frames(CompressedBatch.ofZeros(Compression.GZIP, 3, 5_000));
        FrameDecoder<ConsumerRecord> reader =
                new FrameDecoder<>(frames, 0, RECORDS, false, ReadMessages.RECORDS);
        assertEquals(100_000 - frames.remaining(), reader.bytesBeyondFrames(100_000));
        assertEquals(1, reader.read(Bound.ofBytes(1_000)).records().size());
        assertTrue(reader.bytesBeyondFrames(1_000) > 5_000);
        reader.close();
        assertEquals(
                0,
                new FrameDecoder<>(frames, 0, BATCHES, false, ReadMessages.RECORDS)
                        .bytesBeyondFrames(100_000));
    }

    @Test
    void a_reader_that_is_closed_half_way_keeps_no_decompressor() throws Exception {
        CountingGzip gzip = new CountingGzip();
        ByteBuffer frames = frames(CompressedBatch.ofZeros(Compression.GZIP, 500, 2_000));
        FrameDecoder<ConsumerRecord> reader =
                new FrameDecoder<>(
                        frames,
                        0,
                        RECORDS,
                        false,
                        ReadMessages.RECORDS,
                        new RecordBatchReader(64 << 20, gzip));
        assertEquals(1, reader.read(Bound.ofBytes(1)).records().size());
        assertEquals(0, gzip.closed());
        reader.close();
        assertEquals(1, gzip.closed());
    }

    @Test
    void a_batch_that_cannot_be_read_ends_the_answer_before_it() throws Exception {
        ByteBuffer frames =
                frames(
                        plain(2, 10),
                        CompressedBatch.ofZeros(Compression.GZIP, 2, 17 << 20),
                        plain(1, 10));
        FrameDecoder<ConsumerRecord> reader =
                new FrameDecoder<>(frames, 0, RECORDS, false, ReadMessages.RECORDS);
        DecodedRecords<ConsumerRecord> before = reader.read(Bound.ofBytes(MEBIBYTE));
        assertEquals(2, before.records().size());
        assertEquals(2, before.nextOffset());
        assertFalse(reader.isFinished());
        assertThrows(FailureException.class, () -> reader.read(Bound.ofBytes(MEBIBYTE)));
    }

    @Test
    void what_cannot_be_read_is_stepped_over_where_that_is_asked_for() throws Exception {
        ByteBuffer frames =
                frames(
                        plain(2, 10),
                        CompressedBatch.ofZeros(Compression.GZIP, 2, 17 << 20),
                        plain(1, 10));
        try (FrameDecoder<ConsumerRecord> reader =
                new FrameDecoder<>(frames, 0, RECORDS, true, ReadMessages.RECORDS)) {
            DecodedRecords<ConsumerRecord> chunk = reader.read(Bound.ofBytes(MEBIBYTE));
            assertEquals(List.of(0L, 1L, 4L), offsets(List.of(chunk)));
            assertEquals(5, chunk.nextOffset());
            assertTrue(reader.isFinished());
            SkippedRange skipped = chunk.skipped().getFirst();
            assertEquals(2, skipped.offset());
            assertEquals(4, skipped.nextOffset());
            assertTrue(skipped.reason().contains("of at most"), skipped::reason);
        }
    }

    @Test
    void many_that_cannot_be_read_are_stepped_over_in_several_answers() {
        ByteString[] batches = new ByteString[250];
        ByteString plain = plain(1, 10);
        Arrays.fill(
                batches,
                CompressedBatch.withRecords(
                        Compression.ZSTD, plain.asReadOnlyByteBuffer(), new byte[] {1}));
        List<DecodedRecords<ConsumerRecord>> chunks =
                chunks(
                        new FrameDecoder<>(frames(batches), 0, RECORDS, true, ReadMessages.RECORDS),
                        Bound.ofBytes(MEBIBYTE));
        assertEquals(List.of(100, 100, 50), chunks.stream().map(c -> c.skipped().size()).toList());
    }

    @Test
    void batches_are_given_whole() {
        ByteBuffer frames = frames(plain(2, 400), plain(2, 400), plain(2, 400), plain(2, 4_000));
        List<DecodedRecords<ConsumerRecord>> chunks = chunks(frames, BATCHES, Bound.ofBytes(2_000));
        assertEquals(List.of(2, 1, 1), chunks.stream().map(c -> c.batches().size()).toList());
    }

    @Test
    void only_records_of_compressed_batches_may_grow() throws Exception {
        ByteBuffer frames = frames(plain(1, 10), CompressedBatch.ofZeros(Compression.GZIP, 1, 10));
        assertTrue(new FrameDecoder<>(frames, 0, RECORDS, false, ReadMessages.RECORDS).mayGrow());
        assertFalse(new FrameDecoder<>(frames, 0, BATCHES, false, ReadMessages.RECORDS).mayGrow());
        assertFalse(
                new FrameDecoder<>(frames(plain(1, 10)), 0, RECORDS, false, ReadMessages.RECORDS)
                        .mayGrow());
    }
}
