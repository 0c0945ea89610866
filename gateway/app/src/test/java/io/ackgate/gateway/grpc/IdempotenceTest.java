package io.ackgate.gateway.grpc;

import static io.ackgate.gateway.Calls.assertFails;
import static io.ackgate.gateway.Calls.await;
import static io.ackgate.gateway.Calls.producer;
import static io.ackgate.gateway.Calls.readValues;
import static io.ackgate.gateway.Calls.record;
import static io.ackgate.gateway.Calls.topic;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.ackgate.record.RecordBatch;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.v1.InitProducerRequest;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProducerRecord;
import io.ackgate.v1.ProducerSequence;
import io.ackgate.v1.Receipt;
import io.grpc.Channel;
import io.grpc.Status;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is recognised as a retry, and what is not, at every door. */
@QuarkusTest
class IdempotenceTest {
    private static final String OUT_OF_ORDER = "OUT_OF_ORDER_SEQUENCE_NUMBER NOT_WRITTEN";
    private static final String OTHER_RECORDS = "INVALID_RECORD NOT_WRITTEN";

    @GrpcClient("gateway")
    Channel channel;

    private long newProducer() {
        return producer(channel)
                .initProducer(InitProducerRequest.getDefaultInstance())
                .getProducerId();
    }

    private static ProduceRequest.Builder request(String topic, long producer, int sequence) {
        return ProduceRequest.newBuilder()
                .setTopic(topic)
                .setPartition(0)
                .setProducer(
                        ProducerSequence.newBuilder()
                                .setProducerId(producer)
                                .setBaseSequence(sequence));
    }

    /** Records whose values are their sequences. */
    private static ProduceRequest.Builder counted(
            String topic, long producer, int sequence, int count) {
        ProduceRequest.Builder request = request(topic, producer, sequence);
        for (int i = 0; i < count; i++) {
            request.addRecords(record(Integer.toString(sequence + i)));
        }
        return request;
    }

    private static List<String> values(int end) {
        return IntStream.range(0, end).mapToObj(Integer::toString).toList();
    }

    @ParameterizedTest
    @EnumSource
    void a_retry_is_told_the_offset_of_its_original(Door door) throws Exception {
        String topic = topic(1, Map.of());
        long id = newProducer();
        for (int batch = 0; batch < 7; batch++) {
            Receipt first = door.send(channel, counted(topic, id, 2 * batch, 2)).written();
            assertFalse(first.getDuplicate());
        }
        for (int batch = 0; batch < 7; batch++) {
            Receipt again = door.send(channel, counted(topic, id, 2 * batch, 2)).written();
            assertTrue(again.getDuplicate());
            assertEquals(batch >= 2, again.hasBaseOffset(), "five offsets are remembered");
            assertEquals(batch < 2 ? 0 : 2 * batch, again.getBaseOffset());
        }
        assertEquals(values(14), readValues(channel, topic));
    }

    @Test
    void a_retry_is_recognised_at_another_door() throws Exception {
        String topic = topic(1, Map.of());
        long id = newProducer();
        Door.UNARY.send(channel, counted(topic, id, 0, 3)).written();
        for (Door door : Door.values()) {
            Receipt again = door.send(channel, counted(topic, id, 0, 3)).written();
            assertTrue(again.getDuplicate(), door::toString);
            assertEquals(0, again.getBaseOffset());
        }
        assertEquals(values(3), readValues(channel, topic));
    }

    @ParameterizedTest
    @EnumSource
    void a_retry_that_was_batched_anew_is_refused(Door door) throws Exception {
        String topic = topic(1, Map.of());
        long id = newProducer();
        door.send(channel, counted(topic, id, 0, 10)).written();
        assertEquals(OUT_OF_ORDER, door.send(channel, counted(topic, id, 5, 10)).refusal());
        assertEquals(OUT_OF_ORDER, door.send(channel, counted(topic, id, 9, 2)).refusal());
        assertEquals(OUT_OF_ORDER, door.send(channel, counted(topic, id, 0, 11)).refusal());
        assertEquals(OUT_OF_ORDER, door.send(channel, counted(topic, id, 2, 3)).refusal());
        assertEquals(10, door.send(channel, counted(topic, id, 10, 5)).written().getBaseOffset());
        assertEquals(values(15), readValues(channel, topic));
    }

    @ParameterizedTest
    @EnumSource
    void what_is_ahead_is_not_taken_for_what_is_behind(Door door) throws Exception {
        String topic = topic(1, Map.of());
        long id = newProducer();
        door.send(channel, counted(topic, id, 0, 10)).written();
        int half = 1 << 30;
        for (int sequence :
                new int[] {11, 1_200_000_000, half + 9, half + 10, half + 11, Integer.MAX_VALUE}) {
            ProduceRequest.Builder ahead = request(topic, id, sequence).addRecords(record("ahead"));
            assertEquals(OUT_OF_ORDER, door.send(channel, ahead).refusal(), "at " + sequence);
        }
        assertEquals(values(10), readValues(channel, topic));
    }

    @ParameterizedTest
    @EnumSource
    void the_same_sequence_with_other_records_is_refused(Door door) throws Exception {
        String topic = topic(1, Map.of());
        long id = newProducer();
        door.send(channel, request(topic, id, 0).addRecords(record("first"))).written();
        assertEquals(
                OTHER_RECORDS,
                door.send(channel, request(topic, id, 0).addRecords(record("other"))).refusal());
        assertEquals(List.of("first"), readValues(channel, topic));
    }

    @Test
    void of_twenty_batches_at_once_under_one_sequence_one_is_written() throws Exception {
        String topic = topic(1, Map.of());
        long id = newProducer();
        ProduceStreamCall stream = new ProduceStreamCall(channel);
        for (int i = 0; i < 20; i++) {
            stream.send(i, request(topic, id, 0).addRecords(record("caller " + i)));
        }
        List<Door.Told> told = new ArrayList<>();
        stream.answers(20).forEach(answer -> told.add(Door.told(answer)));
        stream.endRequests();
        assertFalse(told.getFirst().written().getDuplicate());
        for (Door.Told other : told.subList(1, 20)) {
            assertEquals(OTHER_RECORDS, other.refusal());
        }
        assertEquals(List.of("caller 0"), readValues(channel, topic));
    }

    @ParameterizedTest
    @EnumSource(
            value = Door.class,
            names = {"UNARY", "STREAM", "TRACKED"})
    void records_that_bring_no_timestamp_are_the_same_on_a_retry(Door door) throws Exception {
        String topic = topic(1, Map.of());
        long id = newProducer();
        ProducerRecord dated = record("dated").toBuilder().setTimestampMs(1_000_000).build();
        ProducerRecord later = record("later").toBuilder().setTimestampMs(1_000_777).build();
        for (int attempt = 0; attempt < 3; attempt++) {
            long before = System.currentTimeMillis();
            Receipt receipt =
                    door.send(
                                    channel,
                                    request(topic, id, 0)
                                            .addRecords(record("undated"))
                                            .addRecords(dated)
                                            .addRecords(later)
                                            .addRecords(record("undated too")))
                            .written();
            assertEquals(attempt > 0, receipt.getDuplicate());
            // The next attempt arrives at another millisecond.
            await(() -> System.currentTimeMillis() > before);
        }
        ProducerRecord another = dated.toBuilder().setTimestampMs(1_000_001).build();
        assertEquals(
                OTHER_RECORDS,
                door.send(
                                channel,
                                request(topic, id, 0)
                                        .addRecords(record("undated"))
                                        .addRecords(another)
                                        .addRecords(later)
                                        .addRecords(record("undated too")))
                        .refusal(),
                "one of the timestamps given is another");
    }

    @Test
    void a_forgotten_producer_is_not_taken_for_a_new_one() throws Exception {
        String topic = topic(1, Map.of("producer.id.expiration.ms", 500));
        long id = newProducer();
        Door.UNARY.send(channel, counted(topic, id, 0, 3)).written();
        String mayBeWritten = "UNKNOWN_PRODUCER_ID MAY_HAVE_BEEN_WRITTEN";
        while (Door.UNARY.send(channel, counted(topic, id, 0, 3)).refusal() == null) {
            long now = System.currentTimeMillis();
            await(() -> System.currentTimeMillis() > now + 20);
        }
        for (Door door : Door.values()) {
            assertEquals(mayBeWritten, door.send(channel, counted(topic, id, 0, 3)).refusal());
            assertEquals(mayBeWritten, door.send(channel, counted(topic, id, 1, 5)).refusal());
            assertEquals(
                    "UNKNOWN_PRODUCER_ID NOT_WRITTEN",
                    door.send(channel, counted(topic, id, 3, 1)).refusal());
        }
        long other = newProducer();
        Door.UNARY.send(channel, request(topic, other, 0).addRecords(record("3"))).written();
        assertEquals(values(4), readValues(channel, topic));
    }

    @Test
    void a_compressed_batch_is_recognised_by_its_bytes() throws Exception {
        String topic = topic(1, Map.of());
        long id = newProducer();
        for (int attempt = 0; attempt < 2; attempt++) {
            Receipt receipt =
                    producer(channel).produce(gzipped(topic, id, "a", "b").build()).getReceipts(0);
            assertEquals(attempt > 0, receipt.getDuplicate());
        }
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "INVALID_RECORD",
                "two callers share the producer id",
                () -> producer(channel).produce(gzipped(topic, id, "a", "c").build()));
        assertEquals(List.of("a", "b"), readValues(channel, topic));
    }

    private static ProduceRequest.Builder gzipped(String topic, long id, String... values)
            throws IOException {
        RecordBatchBuilder builder = new RecordBatchBuilder(0, 1 << 20);
        builder.producer(id, (short) 0, 0);
        for (String value : values) {
            builder.append(7, null, value.getBytes(StandardCharsets.UTF_8));
        }
        ByteBuffer plain = builder.build();
        byte[] records = new byte[plain.remaining() - RecordBatch.RECORDS];
        plain.get(plain.position() + RecordBatch.RECORDS, records);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(records);
        }
        ByteBuffer batch = ByteBuffer.allocate(RecordBatch.HEADER_BYTES + packed.size());
        batch.put(0, plain, plain.position(), RecordBatch.HEADER_BYTES);
        batch.put(RecordBatch.HEADER_BYTES, packed.toByteArray());
        batch.putInt(RecordBatch.BATCH_LENGTH, batch.capacity() - RecordBatch.LOG_OVERHEAD_BYTES);
        batch.putShort(RecordBatch.ATTRIBUTES, (short) 1);
        batch.putInt(RecordBatch.CRC, RecordBatch.computeCrc(batch, 0, batch.capacity()));
        return ProduceRequest.newBuilder()
                .setTopic(topic)
                .setPartition(0)
                .setRecordBatch(ByteString.copyFrom(batch));
    }
}
