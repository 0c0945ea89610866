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
import org.junit.jupiter.api.Test;

class RecordCompressionTest {
    private static ByteBuffer batch(String value, int records) {
        RecordBatchBuilder builder = new RecordBatchBuilder(64, 1 << 20);
        builder.producer(7, (short) 2, 40);
        for (int i = 0; i < records; i++) {
            builder.append(1_000 + i, null, (value + i).getBytes(StandardCharsets.UTF_8));
        }
        return builder.build();
    }

    @Test
    void gzip_makes_a_smaller_batch_of_the_same_records() throws UnreadableBatchException {
        ByteBuffer plain = batch("a value that repeats ", 100);
        ByteBuffer small = RecordCompression.compressed(plain, CompressionType.GZIP);
        assertTrue(small.remaining() < plain.remaining() / 3, small::toString);
        assertEquals(small.remaining(), RecordBatch.sizeInBytes(small, 0));
        assertEquals(Compression.GZIP, RecordBatch.compression(small, 0));
        assertEquals(
                RecordBatch.computeCrc(small, 0, small.remaining()), RecordBatch.crc(small, 0));
        assertEquals(7, RecordBatch.producerId(small, 0));
        assertEquals(2, RecordBatch.producerEpoch(small, 0));
        assertEquals(40, RecordBatch.baseSequence(small, 0));
        RecordBatchReader reader = new RecordBatchReader(1 << 20);
        reader.reset(small);
        for (int i = 0; i < 100; i++) {
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

    @Test
    void what_would_not_be_smaller_is_left_alone() {
        ByteBuffer plain = batch("x", 1);
        assertSame(plain, RecordCompression.compressed(plain, CompressionType.GZIP));
        ByteBuffer large = batch("a value that repeats ", 100);
        assertSame(large, RecordCompression.compressed(large, CompressionType.NONE));
    }
}
