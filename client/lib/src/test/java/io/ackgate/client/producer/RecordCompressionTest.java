package io.ackgate.client.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.client.CompressionType;
import io.ackgate.record.Compression;
import io.ackgate.record.RecordBatch;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.record.RecordBatchReader;
import io.ackgate.record.UnreadableBatchException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.SplittableRandom;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordCompressionTest {
    private static ByteBuffer batch(String value, int records) {
        RecordBatchBuilder builder = new RecordBatchBuilder(64, 4 << 20);
        builder.producer(7, (short) 2, 40);
        for (int i = 0; i < records; i++) {
            builder.append(1_000 + i, null, (value + i).getBytes(StandardCharsets.UTF_8));
        }
        return builder.build();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void a_compressed_batch_is_smaller_and_has_the_same_records(CompressionType type)
            throws UnreadableBatchException {
        // Of one block, of a whole block and of several.
        for (int records : new int[] {20, 1_000, 20_000}) {
            ByteBuffer plain = batch("a value that repeats ", records);
            ByteBuffer small = RecordCompression.compressed(plain, type);
            assertTrue(small.remaining() < plain.remaining(), small::toString);
            assertEquals(small.remaining(), RecordBatch.sizeInBytes(small, 0));
            assertEquals(Compression.valueOf(type.name()), RecordBatch.compression(small, 0));
            assertEquals(
                    RecordBatch.computeCrc(small, 0, small.remaining()), RecordBatch.crc(small, 0));
            assertEquals(7, RecordBatch.producerId(small, 0));
            assertEquals(2, RecordBatch.producerEpoch(small, 0));
            assertEquals(40, RecordBatch.baseSequence(small, 0));
            assertRecords(small, records);
            assertKafkaReads(small, records);
        }
    }

    private static void assertRecords(ByteBuffer batch, int records)
            throws UnreadableBatchException {
        RecordBatchReader reader = new RecordBatchReader(4 << 20);
        reader.reset(batch);
        for (int i = 0; i < records; i++) {
            assertTrue(reader.next());
            assertEquals(1_000 + i, reader.timestampMillis());
            assertEquals(
                    "a value that repeats " + i,
                    StandardCharsets.UTF_8
                            .decode(Objects.requireNonNull(reader.value()))
                            .toString());
        }
        assertFalse(reader.next());
    }

    private static void assertKafkaReads(ByteBuffer batch, int records) {
        int read = 0;
        for (Record record : MemoryRecords.readableRecords(batch.duplicate()).records()) {
            assertEquals(
                    "a value that repeats " + read++,
                    StandardCharsets.UTF_8.decode(record.value()).toString());
        }
        assertEquals(records, read);
    }

    @ParameterizedTest
    @EnumSource
    void bytes_that_do_not_compress_are_sent_as_they_are_or_read_again(CompressionType type)
            throws UnreadableBatchException {
        byte[] noise = new byte[200_000];
        new SplittableRandom(1).nextBytes(noise);
        RecordBatchBuilder builder = new RecordBatchBuilder(64, 1 << 20);
        builder.append(1, null, noise);
        builder.append(2, null, new byte[50_000]);
        RecordBatchReader reader = new RecordBatchReader(1 << 20);
        reader.reset(RecordCompression.compressed(builder.build(), type));
        assertTrue(reader.next());
        assertEquals(ByteBuffer.wrap(noise), reader.value());
        assertTrue(reader.next());
        assertEquals(ByteBuffer.allocate(50_000), reader.value());
        assertFalse(reader.next());
    }

    @Test
    void what_would_not_be_smaller_is_left_alone() {
        ByteBuffer plain = batch("x", 1);
        assertSame(plain, RecordCompression.compressed(plain, CompressionType.GZIP));
        ByteBuffer large = batch("a value that repeats ", 100);
        assertSame(large, RecordCompression.compressed(large, CompressionType.NONE));
    }
}
