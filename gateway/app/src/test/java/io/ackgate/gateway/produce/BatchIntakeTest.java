package io.ackgate.gateway.produce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.record.BatchFrame;
import io.ackgate.record.Murmur2;
import io.ackgate.record.RecordBatchReader;
import io.ackgate.v1.Header;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProducerRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is taken: the batches that requests become. */
class BatchIntakeTest extends IntakeFixture {
    @Test
    void plain_records_become_one_frame_that_holds_them_all() throws Exception {
        ProduceRequest request =
                request()
                        .setPartition(2)
                        .addRecords(
                                ProducerRecord.newBuilder()
                                        .setKey(utf8("k"))
                                        .setValue(utf8("v"))
                                        .setTimestampMs(5)
                                        .addHeaders(
                                                Header.newBuilder()
                                                        .setKey("h")
                                                        .setValue(utf8("x"))))
                        .addRecords(ProducerRecord.newBuilder().setValue(ByteString.EMPTY))
                        .build();

        IntakeVerdict.Taken taken = taken(request);

        assertEquals(Acks.ALL, taken.acks());
        assertEquals(TIMEOUT.toNanos(), taken.timeoutNanos());
        PartitionBatch batch = onlyBatch(taken);
        assertEquals(events.partition(2), batch.partition());
        assertEquals(2, batch.recordCount());
        assertEquals(List.of(), batch.recordIndexes());
        RecordBatchReader reader = read(batch);
        assertTrue(reader.next());
        assertEquals(5, reader.timestampMillis());
        assertEquals("k", text(reader.key()));
        assertEquals("v", text(reader.value()));
        assertEquals(1, reader.headersCount());
        assertTrue(reader.next());
        assertEquals(NOW, reader.timestampMillis());
        assertEquals(-1, reader.keyLength());
        assertEquals(0, reader.valueLength());
    }

    @Test
    void keys_split_a_request_as_kafka_would_and_keep_their_order() throws Exception {
        ProduceRequest.Builder request = request();
        for (int i = 0; i < 40; i++) {
            request.addRecords(record("key-" + i % 8, "value-" + i));
        }

        IntakeVerdict.Taken taken = taken(request.build());

        List<Integer> seen = new ArrayList<>();
        for (PartitionBatch batch : taken.batches()) {
            RecordBatchReader reader = read(batch);
            for (int index : batch.recordIndexes()) {
                assertTrue(reader.next());
                assertEquals("value-" + index, text(reader.value()));
                assertEquals(
                        batch.partition().partition(),
                        Murmur2.partitionForKey(
                                ("key-" + index % 8).getBytes(StandardCharsets.UTF_8), 6));
                seen.add(index);
            }
            assertEquals(batch.recordIndexes().stream().sorted().toList(), batch.recordIndexes());
        }
        assertEquals(40, seen.stream().distinct().count());
        assertTrue(taken.batches().size() > 1);
    }

    @Test
    void records_without_a_key_stay_together() {
        ProduceRequest.Builder request = request();
        for (int i = 0; i < 10; i++) {
            request.addRecords(ProducerRecord.newBuilder().setValue(utf8("v" + i)));
        }
        assertEquals(List.of(), onlyBatch(taken(request.build())).recordIndexes());
    }

    @Test
    void a_ready_made_batch_passes_byte_for_byte() {
        byte[] batch = batchOf("a", "b", "c");
        PartitionBatch taken =
                onlyBatch(
                        taken(
                                request()
                                        .setPartition(1)
                                        .setRecordBatch(ByteString.copyFrom(batch))
                                        .build()));
        byte[] framed = new byte[batch.length];
        taken.frame().get(BatchFrame.FRAME_HEADER_BYTES, framed);
        org.junit.jupiter.api.Assertions.assertArrayEquals(batch, framed);
        assertEquals(3, taken.recordCount());
        stamp(taken);
    }

    @Test
    void a_producer_is_written_into_the_batch() {
        PartitionBatch batch = onlyBatch(taken(idempotent().build()));
        assertEquals(9, BatchFrame.producerId(batch.frame(), 0));
        assertEquals(4, BatchFrame.producerEpoch(batch.frame(), 0));
        assertEquals(100, BatchFrame.baseSequence(batch.frame(), 0));
    }
}
