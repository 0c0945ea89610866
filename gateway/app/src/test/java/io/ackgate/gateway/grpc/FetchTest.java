package io.ackgate.gateway.grpc;

import static io.ackgate.gateway.Calls.assertFails;
import static io.ackgate.gateway.Calls.consumer;
import static io.ackgate.gateway.Calls.record;
import static io.ackgate.gateway.Calls.topic;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.ackgate.record.RecordBatch;
import io.ackgate.v1.ConsumerRecord;
import io.ackgate.v1.FetchRequest;
import io.ackgate.v1.FetchResponse;
import io.ackgate.v1.Header;
import io.ackgate.v1.ProducerRecord;
import io.ackgate.v1.RecordFormat;
import io.grpc.Status;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Reading once. */
@QuarkusTest
class FetchTest extends ReadingFixture {
    @Test
    void what_was_written_is_read_as_it_was() {
        String topic = topic(1, Map.of());
        ProducerRecord written =
                ProducerRecord.newBuilder()
                        .setKey(ByteString.EMPTY)
                        .setTimestampMs(123)
                        .addHeaders(Header.newBuilder().setKey("h").setValue(ByteString.EMPTY))
                        .addHeaders(Header.newBuilder().setKey("h"))
                        .build();
        produce(topic, 0, List.of(written));

        FetchResponse fetched = fetch(topic, 0);
        assertEquals(1, fetched.getRecordsCount());
        ConsumerRecord read = fetched.getRecords(0);
        assertTrue(read.hasKey());
        assertFalse(read.hasValue());
        assertEquals(123, read.getTimestampMs());
        assertEquals(written.getHeadersList(), read.getHeadersList());
        assertEquals(1, fetched.getNextOffset());
        assertEquals(1, fetched.getHighWatermark());
        assertEquals(0, fetched.getLogStartOffset());
        assertTrue(fetched.getLeaderEpoch() >= 1);
    }

    @Test
    void a_fetch_starts_in_the_middle_of_a_batch() {
        String topic = topic(1, Map.of());
        produce(topic, 0, List.of(record("a"), record("b"), record("c")));
        FetchResponse fetched = fetch(topic, 1);
        assertEquals(List.of(1L, 2L), offsets(fetched.getRecordsList()));
    }

    @Test
    void batches_are_given_as_they_are_stored() {
        String topic = topic(1, Map.of());
        produce(topic, 0, List.of(record("a")));
        produce(topic, 0, List.of(record("b"), record("c")));
        FetchResponse fetched =
                consumer(channel)
                        .fetch(
                                FetchRequest.newBuilder()
                                        .setTopic(topic)
                                        .setOffset(0)
                                        .setFormat(RecordFormat.RECORD_FORMAT_BATCHES)
                                        .build());
        assertEquals(0, fetched.getRecordsCount());
        List<Long> bases = new ArrayList<>();
        for (ByteString bytes : fetched.getRecordBatchesList()) {
            ByteBuffer batch = ByteBuffer.wrap(bytes.toByteArray());
            assertEquals(bytes.size(), RecordBatch.sizeInBytes(batch, 0));
            assertEquals(RecordBatch.crc(batch, 0), RecordBatch.computeCrc(batch, 0, bytes.size()));
            bases.add(RecordBatch.baseOffset(batch, 0));
        }
        assertEquals(List.of(0L, 1L), bases);
        assertEquals(3, fetched.getNextOffset());
    }

    @Test
    void a_fetch_at_the_end_waits_for_the_next_record() {
        String topic = topic(1, Map.of());
        var waiting =
                consumers
                        .fetch(
                                FetchRequest.newBuilder()
                                        .setTopic(topic)
                                        .setMaxWaitMs(30_000)
                                        .build())
                        .subscribeAsCompletionStage();
        produce(topic, 0, List.of(record("late")));
        assertEquals("late", waiting.join().getRecords(0).getValue().toStringUtf8());
    }

    @Test
    void a_fetch_at_the_end_comes_back_empty_when_its_wait_is_over() {
        String topic = topic(1, Map.of());
        FetchResponse fetched =
                consumer(channel)
                        .fetch(FetchRequest.newBuilder().setTopic(topic).setMaxWaitMs(50).build());
        assertEquals(0, fetched.getRecordsCount());
        assertEquals(0, fetched.getNextOffset());
    }

    @Test
    void offsets_that_are_not_in_the_log() throws Exception {
        String topic = topic(1, Map.of());
        produce(topic, 0, List.of(record("a")));
        assertFails(
                Status.Code.OUT_OF_RANGE,
                "OFFSET_OUT_OF_RANGE",
                "offset 2 is not in the log, which goes from 0 to the high watermark 1",
                () -> fetch(topic, 2));
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "INVALID_REQUEST",
                "offset -1 is negative",
                () -> fetch(topic, -1));
    }

    @Test
    void bounds_of_a_fetch() throws Exception {
        String topic = topic(1, Map.of());
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "INVALID_REQUEST",
                "max_bytes is 0, it must be 1 to 67108864",
                () ->
                        consumer(channel)
                                .fetch(
                                        FetchRequest.newBuilder()
                                                .setTopic(topic)
                                                .setMaxBytes(0)
                                                .build()));
        assertFails(
                Status.Code.NOT_FOUND,
                "UNKNOWN_TOPIC_OR_PARTITION",
                "there is no topic 'nope'",
                () -> fetch("nope", 0));
    }
}
