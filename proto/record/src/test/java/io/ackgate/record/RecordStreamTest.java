package io.ackgate.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.record.KafkaBatches.Head;
import io.ackgate.record.UnreadableBatchException.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;

/** Records of a compressed batch, one by one: what the whole batch gives, and no more memory. */
class RecordStreamTest {
    private static final int MEBIBYTE = 1 << 20;

    private static ByteBuffer gzip(List<SampleRecord> records) {
        return KafkaBatches.write(Head.of(CompressionType.GZIP), records);
    }

    private static List<String> read(RecordBatchReader reader) throws UnreadableBatchException {
        List<String> texts = new ArrayList<>();
        while (reader.next()) {
            texts.add(
                    reader.offset()
                            + " @"
                            + reader.timestampMillis()
                            + " "
                            + SampleRecord.hex(SampleRecord.nullableBytes(reader.key()))
                            + " -> "
                            + SampleRecord.hex(SampleRecord.nullableBytes(reader.value()))
                            + " "
                            + reader.headersCount());
        }
        return texts;
    }

    private static List<String> whole(ByteBuffer batch) throws UnreadableBatchException {
        RecordBatchReader reader = new RecordBatchReader(Samples.ENOUGH);
        reader.reset(batch);
        return read(reader);
    }

    private static List<String> from(ByteBuffer batch, long offset)
            throws UnreadableBatchException {
        RecordBatchReader reader = new RecordBatchReader(Samples.ENOUGH);
        reader.resetAt(batch, offset, Samples.ENOUGH);
        return read(reader);
    }

    @Test
    void every_start_gives_what_the_whole_batch_has_there() throws Exception {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<SampleRecord> records = Samples.random(random);
            for (ByteBuffer batch :
                    List.of(
                            gzip(records),
                            KafkaBatches.write(Head.of(CompressionType.NONE), records))) {
                List<String> all = whole(batch);
                long base = RecordBatch.baseOffset(batch, batch.position());
                for (int i = 0; i <= records.size(); i++) {
                    assertEquals(all.subList(i, all.size()), from(batch, base + i), "seed " + seed);
                }
            }
        }
    }

    @Test
    void changed_bytes_are_found_or_give_the_same() {
        int unreadable = 0;
        for (int seed = 0; seed < 5_000; seed++) {
            Random random = new Random(seed);
            ByteBuffer batch = gzip(Samples.random(random));
            batch.put(61 + random.nextInt(batch.limit() - 61), (byte) random.nextInt(256));
            try {
                List<String> read = from(batch, Long.MIN_VALUE);
                assertEquals(whole(batch), read, "seed " + seed);
            } catch (UnreadableBatchException e) {
                unreadable++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertTrue(unreadable > 2_000, unreadable + " were unreadable");
    }

    @Test
    void what_lies_behind_the_last_record_asked_for_is_not_decompressed() throws Exception {
        List<SampleRecord> records = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            records.add(new SampleRecord(0, null, new byte[MEBIBYTE], List.of()));
        }
        ByteBuffer batch = gzip(records);
        RecordBatchReader reader = new RecordBatchReader(3 * MEBIBYTE);
        reader.resetAt(batch, 0, 2 * MEBIBYTE);
        assertTrue(reader.next());
        assertTrue(reader.next());
        assertEquals(MEBIBYTE, reader.valueLength());
        assertEquals(
                Reason.TOO_LARGE,
                assertThrows(UnreadableBatchException.class, () -> read(reader)).reason());
    }

    @Test
    void a_record_above_its_bound_is_passed_over_but_not_given() throws Exception {
        ByteBuffer batch =
                gzip(
                        List.of(
                                new SampleRecord(0, null, new byte[5_000], List.of()),
                                new SampleRecord(0, null, new byte[50], List.of())));
        long base = RecordBatch.baseOffset(batch, batch.position());
        RecordBatchReader reader = new RecordBatchReader(MEBIBYTE);
        reader.resetAt(batch, base + 1, 1_000);
        assertTrue(reader.next());
        assertEquals(50, reader.valueLength());
        reader.resetAt(batch, base, 1_000);
        assertEquals(
                Reason.TOO_LARGE,
                assertThrows(UnreadableBatchException.class, reader::next).reason());
    }
}
