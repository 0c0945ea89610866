package io.ackgate.client.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ackgate.client.CompressionType;
import io.ackgate.client.ProducerRecord;
import io.ackgate.client.RecordHeader;
import io.ackgate.client.producer.PartitionQueue.Appended;
import io.ackgate.record.RecordBatchReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PartitionQueueTest {
    private static final long LINGER = 1_000;
    private final PartitionQueue queue =
            new PartitionQueue(new TopicPartition("t", 0), 2_048, LINGER, CompressionType.NONE);

    private ProducerBatch polled(long nowNanos) {
        return Objects.requireNonNull(queue.poll(nowNanos), "nothing was ready");
    }

    private Appended append(int bytes, long nowNanos) {
        return queue.append(
                ProducerRecord.of("t", null, new byte[bytes]),
                5,
                null,
                bytes + 41,
                10_000,
                nowNanos);
    }

    @Test
    void a_batch_lingers_and_then_is_ready() {
        assertEquals(Appended.NEWS, append(10, 0));
        assertEquals(Appended.TO_OPEN_BATCH, append(10, 500));
        assertNull(queue.poll(LINGER - 1));
        assertEquals(LINGER, queue.lingerEndsAtNanos());
        assertEquals(2, polled(LINGER).recordCount());
        assertNull(queue.poll(LINGER));
        assertEquals(Long.MAX_VALUE, queue.oldestCreatedNanos());
    }

    @Test
    void a_full_batch_is_ready_at_once_and_first() {
        append(1_000, 0);
        assertEquals(Appended.NEWS, append(1_900, 1), "the second did not fit");
        assertEquals(1, polled(1).recordCount());
        assertNull(queue.poll(1), "the second lingers");
        queue.impatient(true);
        assertEquals(1, polled(1).recordCount());
    }

    @Test
    void a_batch_that_reaches_its_size_is_closed() {
        assertEquals(Appended.NEWS, append(1_970, 0));
        assertEquals(Appended.NEWS, append(5, 0), "61 + 1,970 + 5 and what frames them");
        assertNotNull(queue.poll(0));
    }

    @Test
    void a_large_record_gets_a_batch_of_its_own_and_a_larger_one_none() {
        append(10, 0);
        assertEquals(Appended.NEWS, append(9_000, 0));
        assertEquals(Appended.TOO_LARGE, append(10_000, 0));
        assertEquals(1, polled(LINGER).recordCount());
        assertEquals(1, polled(LINGER).recordCount());
        assertNull(queue.poll(LINGER));
    }

    @Test
    void the_oldest_is_taken_out_when_its_time_is_over() {
        append(10, 7);
        assertEquals(7, queue.oldestCreatedNanos());
        assertNull(queue.pollCreatedBefore(6));
        assertNotNull(queue.pollCreatedBefore(7));
        assertNull(queue.pollCreatedBefore(100));
    }

    @Test
    void key_value_headers_and_time_arrive_as_they_were_given() throws Exception {
        queue.append(
                ProducerRecord.of("t", new byte[0], null)
                        .withHeaders(
                                List.of(
                                        new RecordHeader("a", null),
                                        new RecordHeader(
                                                "é", "x".getBytes(StandardCharsets.UTF_8)))),
                77,
                null,
                100,
                10_000,
                0);
        ProducerBatch batch = polled(LINGER);
        batch.seal();
        RecordBatchReader reader = new RecordBatchReader(0);
        reader.reset(batch.bytes());
        reader.next();
        assertEquals(77, reader.timestampMillis());
        assertEquals(0, reader.keyLength());
        assertEquals(-1, reader.valueLength());
        assertEquals(2, reader.headersCount());
    }
}
