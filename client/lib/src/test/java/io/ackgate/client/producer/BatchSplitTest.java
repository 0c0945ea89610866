package io.ackgate.client.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.client.CompressionType;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.record.RecordBatchReader;
import io.ackgate.record.RecordHeaders;
import io.ackgate.record.UnreadableBatchException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which records stay together when a batch is taken apart, by the sizes of their values. */
class BatchSplitTest {
    private static final int RESERVED_BYTES = 10;

    @Test
    void records_of_one_size_go_in_halves() throws UnreadableBatchException {
        assertEquals(List.of(List.of(50), List.of(50)), split(50, 50));
        assertEquals(List.of(List.of(50, 50), List.of(50, 50)), split(50, 50, 50, 50));
    }

    @Test
    void nothing_follows_a_record_that_is_larger_than_half_of_the_batch()
            throws UnreadableBatchException {
        assertEquals(List.of(List.of(600), List.of(500)), split(600, 500));
        assertEquals(List.of(List.of(500), List.of(600)), split(500, 600));
        assertEquals(List.of(List.of(600), List.of(50, 50)), split(600, 50, 50));
        assertEquals(List.of(List.of(50), List.of(600), List.of(50)), split(50, 600, 50));
        assertEquals(List.of(List.of(50, 50), List.of(600)), split(50, 50, 600));
    }

    @Test
    void each_part_is_smaller_until_one_record_is_left() throws UnreadableBatchException {
        for (int large = 0; large < 6; large++) {
            int[] sizes = new int[6];
            for (int i = 0; i < sizes.length; i++) {
                sizes[i] = i == large ? 900 : i;
            }
            splitToTheLast(batch(sizes));
        }
    }

    private static void splitToTheLast(ProducerBatch batch) throws UnreadableBatchException {
        if (batch.recordCount() == 1) {
            return;
        }
        batch.seal();
        for (ProducerBatch part : BatchSplit.of(batch)) {
            assertTrue(part.recordCount() < batch.recordCount(), sizes(batch).toString());
            splitToTheLast(part);
        }
    }

    private static List<List<Integer>> split(int... sizes) throws UnreadableBatchException {
        ProducerBatch batch = batch(sizes);
        batch.seal();
        List<List<Integer>> parts = new ArrayList<>();
        int reserved = 0;
        for (ProducerBatch part : BatchSplit.of(batch)) {
            part.seal();
            parts.add(sizes(part));
            reserved += part.reservedBytes();
        }
        assertEquals(batch.reservedBytes(), reserved, "the memory of all parts");
        return parts;
    }

    private static ProducerBatch batch(int... sizes) {
        ProducerBatch batch =
                new ProducerBatch(
                        new TopicPartition("t", 0),
                        new RecordBatchBuilder(64, 4096),
                        CompressionType.NONE,
                        0);
        for (int size : sizes) {
            assertTrue(
                    batch.append(
                            0, null, new byte[size], RecordHeaders.NONE, null, RESERVED_BYTES));
        }
        return batch;
    }

    private static List<Integer> sizes(ProducerBatch batch) throws UnreadableBatchException {
        List<Integer> sizes = new ArrayList<>();
        try (RecordBatchReader reader = new RecordBatchReader(batch.sizeInBytes())) {
            reader.reset(batch.bytes());
            while (reader.next()) {
                sizes.add(reader.valueLength());
            }
        }
        return sizes;
    }
}
