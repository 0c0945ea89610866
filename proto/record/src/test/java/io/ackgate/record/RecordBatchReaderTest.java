package io.ackgate.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.record.KafkaBatches.Head;
import io.ackgate.record.UnreadableBatchException.Reason;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;

class RecordBatchReaderTest {
    private static ByteBuffer batch() {
        RecordBatchBuilder builder = new RecordBatchBuilder(0, Samples.ENOUGH);
        builder.append(1_000, Samples.utf8("key"), null);
        builder.append(900, null, Samples.utf8("value"), new RecordHeaders().add("h", null));
        return builder.build();
    }

    @Test
    void points_into_the_records_without_copying() throws Exception {
        ByteBuffer within = ByteBuffer.allocate(300).position(40);
        within.put(40, batch(), 0, batch().limit());
        RecordBatchReader reader = new RecordBatchReader(0);
        reader.reset(within);
        assertTrue(reader.next());
        assertEquals(3, reader.keyLength());
        assertEquals('k', reader.records().get(reader.keyPosition()));
        assertEquals(-1, reader.valueLength());
        assertEquals(0, reader.headersCount());
        assertFalse(reader.headers().next());
        assertTrue(reader.next());
        assertEquals(1, reader.offset());
        assertEquals(900, reader.timestampMillis());
        assertEquals(-1, reader.keyLength());
        assertEquals(5, reader.valueLength());
        assertEquals('v', reader.records().get(reader.valuePosition()));
        assertEquals(1, reader.headersCount());
        for (int twice = 0; twice < 2; twice++) {
            RecordHeaderCursor header = reader.headers();
            assertTrue(header.next());
            assertEquals("h", header.keyText());
            assertFalse(header.next());
        }
        assertFalse(reader.next());
        assertFalse(reader.next());
        assertEquals(40, within.position());
    }

    @Test
    void every_truncation_is_malformed() {
        ByteBuffer whole = batch();
        for (int length = 0; length < whole.limit(); length++) {
            assertReason(Reason.MALFORMED, whole.slice(0, length));
            if (length >= 61) {
                ByteBuffer shorter = ByteBuffer.allocate(length).put(0, whole, 0, length);
                shorter.putInt(8, length - 12);
                assertReason(Reason.MALFORMED, shorter);
            }
        }
    }

    @Test
    void headers_of_a_batch_that_cannot_be_read() {
        assertReason(Reason.MALFORMED, Samples.changed(batch(), b -> b.put(16, (byte) 1)));
        assertReason(Reason.MALFORMED, Samples.changed(batch(), b -> b.putInt(8, 48)));
        assertReason(Reason.MALFORMED, Samples.changed(batch(), b -> b.putInt(8, -1)));
        assertReason(
                Reason.MALFORMED, Samples.changed(batch(), b -> b.putInt(8, Integer.MAX_VALUE)));
        assertReason(Reason.MALFORMED, Samples.changed(batch(), b -> b.putInt(57, -1)));
        assertReason(Reason.MALFORMED, Samples.changed(batch(), b -> b.putInt(57, 3)));
        assertReason(Reason.MALFORMED, Samples.changed(batch(), b -> b.putInt(57, 1)));
        assertReason(Reason.MALFORMED, Samples.changed(batch(), b -> b.putShort(21, (short) 6)));
        assertReason(
                Reason.NOT_DECOMPRESSED, Samples.changed(batch(), b -> b.putShort(21, (short) 4)));
    }

    @Test
    void timestamps_beyond64_bits_are_malformed() {
        assertReason(
                Reason.MALFORMED,
                Samples.changed(batch(), b -> b.putLong(27, Long.MIN_VALUE + 99)));
    }

    @Test
    void after_a_failed_reset_there_are_no_records() throws Exception {
        RecordBatchReader reader = new RecordBatchReader(Samples.ENOUGH);
        reader.reset(batch());
        assertThrows(UnreadableBatchException.class, () -> reader.reset(ByteBuffer.allocate(61)));
        assertFalse(reader.next());
    }

    @Test
    void changed_bytes_cause_no_other_exception() {
        int unreadable = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            CompressionType type =
                    random.nextInt(4) == 0 ? CompressionType.GZIP : CompressionType.NONE;
            List<SampleRecord> records = Samples.random(random);
            ByteBuffer batch =
                    KafkaBatches.write(
                            Head.of(type), records.subList(0, Math.min(3, records.size())));
            for (int n = random.nextInt(1, 4); n > 0; n--) {
                int at = random.nextInt(Math.min(batch.limit(), 120));
                batch.put(at, (byte) random.nextInt(256));
            }
            try {
                Samples.read(batch);
            } catch (UnreadableBatchException e) {
                unreadable++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertTrue(unreadable > 5_000, unreadable + " were unreadable");
    }

    @Test
    void a_record_may_have_so_many_headers() throws Exception {
        RecordBatchReader reader = new RecordBatchReader(1 << 20);
        reader.reset(withHeaders(RecordBatchReader.MAX_HEADERS));
        assertTrue(reader.next());
        assertEquals(RecordBatchReader.MAX_HEADERS, reader.headersCount());
        ByteBuffer more = withHeaders(RecordBatchReader.MAX_HEADERS + 1);
        assertReason(Reason.MALFORMED, more);
        BatchVerdict verdict = BatchValidator.validate(more, 1 << 20, Long.MAX_VALUE);
        assertEquals(
                BatchVerdict.Reason.RECORD,
                assertInstanceOf(BatchVerdict.Invalid.class, verdict).reason());
    }

    private static ByteBuffer withHeaders(int count) {
        RecordHeaders headers = new RecordHeaders();
        for (int i = 0; i < count; i++) {
            headers.add("h", null);
        }
        RecordBatchBuilder builder = new RecordBatchBuilder(0, 1 << 20);
        builder.append(0, (ByteBuffer) null, null, headers);
        return builder.build();
    }

    @Test
    void numbers_that_do_not_end_are_malformed() {
        ByteBuffer batch = batch();
        for (int length = 1; length < 20; length++) {
            byte[] endless = new byte[length];
            Arrays.fill(endless, (byte) 0xFF);
            ByteBuffer changed = ByteBuffer.allocate(61 + length).put(0, batch, 0, 61);
            changed.put(61, endless).putInt(8, 49 + length);
            assertReason(Reason.MALFORMED, changed);
        }
    }

    /** Kafka's reader drops such bits; a length that two readers see differently is worse. */
    @Test
    void numbers_with_bits_that_would_be_lost_are_malformed() throws Exception {
        // Length 6, written in five bytes, and then with one bit more than an int has.
        byte[] longWay = {(byte) 0x8C, -128, -128, -128, 0, 0, 0, 0, 1, 1, 0};
        ByteBuffer batch = ByteBuffer.allocate(61 + longWay.length).put(0, batch(), 0, 61);
        batch.put(61, longWay).putInt(8, 49 + longWay.length).putInt(57, 1);
        assertEquals(List.of("0 @1000 null -> null {}"), Samples.read(batch));
        assertReason(Reason.MALFORMED, Samples.changed(batch, b -> b.put(65, (byte) 0x10)));
        // The same for a timestamp delta of 0 in ten bytes.
        byte[] tenBytes = new byte[16];
        tenBytes[0] = 30;
        Arrays.fill(tenBytes, 2, 11, (byte) 0x80);
        tenBytes[13] = 1;
        tenBytes[14] = 1;
        ByteBuffer timestamp = ByteBuffer.allocate(61 + 16).put(0, batch(), 0, 61);
        timestamp.put(61, tenBytes).putInt(8, 49 + 16).putInt(57, 1);
        assertEquals(List.of("0 @1000 null -> null {}"), Samples.read(timestamp));
        assertReason(Reason.MALFORMED, Samples.changed(timestamp, b -> b.put(72, (byte) 2)));
    }

    private static void assertReason(Reason reason, ByteBuffer batch) {
        assertEquals(
                reason,
                assertThrows(UnreadableBatchException.class, () -> Samples.read(batch)).reason());
    }
}
