package io.ackgate.gateway.produce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.Failure;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.Fate;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.record.BatchFrame;
import io.ackgate.record.FrameVerdict;
import io.ackgate.record.Murmur2;
import io.ackgate.record.RecordBatch;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.record.RecordBatchReader;
import io.ackgate.record.UnreadableBatchException;
import io.ackgate.v1.Header;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProducerSequence;
import io.ackgate.v1.Record;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BatchIntakeTest {
    private static final long NOW = 1_700_000_000_000L;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final KnownTopics topics = new KnownTopics();
    private final Topic events = topics.add("events", 6, Map.of());
    private final BatchIntake intake =
            new BatchIntake(topics, new StickyPartitions(p -> true), TIMEOUT.toNanos());

    @Test
    void plain_records_become_one_frame_that_holds_them_all() throws Exception {
        ProduceRequest request =
                request()
                        .setPartition(2)
                        .addRecords(
                                Record.newBuilder()
                                        .setKey(utf8("k"))
                                        .setValue(utf8("v"))
                                        .setTimestampMs(5)
                                        .addHeaders(
                                                Header.newBuilder()
                                                        .setKey("h")
                                                        .setValue(utf8("x"))))
                        .addRecords(Record.newBuilder().setValue(ByteString.EMPTY))
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
            request.addRecords(Record.newBuilder().setValue(utf8("v" + i)));
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

    @Test
    void unknown_topic() {
        assertRefused(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                "topic",
                "there is no topic 'nope'",
                one().setTopic("nope"));
    }

    @Test
    void names_that_no_topic_can_have() {
        assertRefused(ErrorCode.INVALID_REQUEST, "topic", "empty", one().setTopic(""));
        assertRefused(ErrorCode.INVALID_TOPIC_EXCEPTION, "topic", "'a/b'", one().setTopic("a/b"));
        assertRefused(
                ErrorCode.INVALID_TOPIC_EXCEPTION,
                "topic",
                "250 characters",
                one().setTopic("x".repeat(250)));
    }

    @Test
    void partition_out_of_range() {
        assertRefused(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                "partition",
                "no partition 6, it has 6: 0 to 5",
                one().setPartition(6));
        assertRefused(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                "partition",
                "no partition -1",
                one().setPartition(-1));
    }

    @Test
    void empty_batch() {
        assertRefused(ErrorCode.INVALID_REQUEST, "records", "empty", request());
    }

    @Test
    void records_and_a_batch_together() {
        assertRefused(
                ErrorCode.INVALID_REQUEST,
                "record_batch",
                "both",
                one().setPartition(0).setRecordBatch(ByteString.copyFrom(batchOf("a"))));
    }

    @Test
    void malformed_record_bytes() {
        byte[] flipped = batchOf("a");
        flipped[flipped.length - 1] ^= 1;
        assertRefused(
                ErrorCode.CORRUPT_MESSAGE,
                "record_batch",
                "crc",
                request().setPartition(0).setRecordBatch(ByteString.copyFrom(flipped)));
        assertRefused(
                ErrorCode.CORRUPT_MESSAGE,
                "record_batch",
                "no batch",
                request().setPartition(0).setRecordBatch(utf8("not a batch")));
        assertRefused(
                ErrorCode.CORRUPT_MESSAGE,
                "record_batch",
                "no batch",
                request().setPartition(0).setRecordBatch(ByteString.EMPTY));
    }

    @Test
    void over_max_message_bytes() {
        topics.add("small", 1, Map.of("max.message.bytes", "1024"));
        Record large = Record.newBuilder().setValue(ByteString.copyFrom(new byte[1024])).build();
        assertRefused(
                ErrorCode.MESSAGE_TOO_LARGE,
                "records[1]",
                "max.message.bytes, 1024",
                ProduceRequest.newBuilder()
                        .setTopic("small")
                        .addRecords(record("a", "b"))
                        .addRecords(large));
        byte[] batch = batchOf("x".repeat(1024));
        assertRefused(
                ErrorCode.MESSAGE_TOO_LARGE,
                "record_batch",
                "at most 1024",
                ProduceRequest.newBuilder()
                        .setTopic("small")
                        .setPartition(0)
                        .setRecordBatch(ByteString.copyFrom(batch)));
    }

    @Test
    void negative_timeout() {
        assertRefused(ErrorCode.INVALID_REQUEST, "timeout_ms", "is -1", one().setTimeoutMs(-1));
    }

    @Test
    void negative_timestamp() {
        assertRefused(
                ErrorCode.INVALID_TIMESTAMP,
                "records[0].timestamp_ms",
                "-5",
                request().addRecords(Record.newBuilder().setTimestampMs(-5)));
    }

    @Test
    void unknown_acks() {
        assertRefused(ErrorCode.INVALID_REQUIRED_ACKS, "acks", "acks 9", one().setAcksValue(9));
    }

    @Test
    void idempotence_with_less_than_all() {
        assertRefused(
                ErrorCode.INVALID_CONFIG,
                "acks",
                "acks=1 (given in the request)",
                idempotent().setAcks(io.ackgate.v1.Acks.ACKS_LEADER));
        topics.add("lax", 1, Map.of("ackgate.default.acks", "0"));
        assertRefused(
                ErrorCode.INVALID_CONFIG,
                "acks",
                "acks=0 (the default of topic lax)",
                idempotent().setTopic("lax").setPartition(0));
        RecordBatchBuilder builder = new RecordBatchBuilder(0, 1 << 20);
        builder.producer(1, (short) 0, 0);
        builder.append(0, null, new byte[1]);
        assertRefused(
                ErrorCode.INVALID_CONFIG,
                "acks",
                "acks=all",
                request()
                        .setPartition(0)
                        .setAcks(io.ackgate.v1.Acks.ACKS_NONE)
                        .setRecordBatch(ByteString.copyFrom(builder.build())));
    }

    @Test
    void a_producer_needs_a_partition() {
        assertRefused(
                ErrorCode.INVALID_REQUEST,
                "partition",
                "together with producer",
                idempotent().clearPartition());
        assertRefused(
                ErrorCode.INVALID_REQUEST,
                "partition",
                "together with record_batch",
                request().setRecordBatch(ByteString.copyFrom(batchOf("a"))));
    }

    @Test
    void producers_that_cannot_be() {
        assertRefused(
                ErrorCode.INVALID_REQUEST,
                "producer.producer_id",
                "-1",
                idempotent().setProducer(ProducerSequence.newBuilder().setProducerId(-1)));
        assertRefused(
                ErrorCode.INVALID_REQUEST,
                "producer.producer_epoch",
                "32768",
                idempotent().setProducer(ProducerSequence.newBuilder().setProducerEpoch(32768)));
        assertRefused(
                ErrorCode.INVALID_REQUEST,
                "producer.base_sequence",
                "-7",
                idempotent().setProducer(ProducerSequence.newBuilder().setBaseSequence(-7)));
        assertRefused(
                ErrorCode.INVALID_REQUEST,
                "producer",
                "carries its own",
                idempotent().clearRecords().setRecordBatch(ByteString.copyFrom(batchOf("a"))));
    }

    @Test
    void the_topics_floor_holds_for_its_default_too() {
        topics.add("payments", 1, Map.of("ackgate.min.acks", "all", "ackgate.default.acks", "1"));
        assertRefused(
                ErrorCode.POLICY_VIOLATION,
                "acks",
                "acks=0 (given in the request) is under the floor of topic payments",
                one().setTopic("payments").setAcks(io.ackgate.v1.Acks.ACKS_NONE));
        assertRefused(
                ErrorCode.POLICY_VIOLATION,
                "acks",
                "acks=1 (the default of topic payments)",
                one().setTopic("payments"));
        taken(one().setTopic("payments").setAcks(io.ackgate.v1.Acks.ACKS_ALL).build());
    }

    @Test
    void what_is_refused_keeps_its_place_when_its_partition_is_known() {
        IntakeVerdict verdict = intake.take(one().setPartition(3).setTimeoutMs(-1).build(), NOW);
        assertEquals(
                List.of(events.partition(3)),
                assertInstanceOf(IntakeVerdict.Refused.class, verdict).partitions());
    }

    private void assertRefused(
            ErrorCode code, String field, String words, ProduceRequest.Builder request) {
        IntakeVerdict verdict = intake.take(request.build(), NOW);
        Failure failure = assertInstanceOf(IntakeVerdict.Refused.class, verdict).failure();
        assertEquals(code, failure.code(), failure.detail());
        assertEquals(field, failure.field(), failure.detail());
        assertEquals(Fate.NOT_WRITTEN, failure.fate());
        assertTrue(failure.detail().contains(words), failure.detail());
    }

    private IntakeVerdict.Taken taken(ProduceRequest request) {
        IntakeVerdict verdict = intake.take(request, NOW);
        return assertInstanceOf(IntakeVerdict.Taken.class, verdict, verdict::toString);
    }

    private static PartitionBatch onlyBatch(IntakeVerdict.Taken taken) {
        assertEquals(1, taken.batches().size());
        return taken.batches().getFirst();
    }

    /** Stamps it, as its owner will, and looks whether storage would take it. */
    private static void stamp(PartitionBatch batch) {
        BatchFrame.stampInPlace(batch.frame(), 1, 2, 3, 4, 5);
        assertInstanceOf(FrameVerdict.Ok.class, BatchFrame.verify(batch.frame(), 0));
    }

    private static RecordBatchReader read(PartitionBatch batch) throws UnreadableBatchException {
        stamp(batch);
        RecordBatchReader reader = new RecordBatchReader(1 << 20);
        reader.reset(
                batch.frame()
                        .slice(
                                BatchFrame.FRAME_HEADER_BYTES,
                                batch.frame().remaining() - BatchFrame.FRAME_HEADER_BYTES));
        return reader;
    }

    private static byte[] batchOf(String... values) {
        RecordBatchBuilder builder = new RecordBatchBuilder(0, 1 << 20);
        for (String value : values) {
            builder.append(NOW, null, value.getBytes(StandardCharsets.UTF_8));
        }
        ByteBuffer batch = builder.build();
        byte[] bytes = new byte[batch.remaining()];
        batch.get(batch.position(), bytes);
        assertEquals(RecordBatch.MAGIC_V2, RecordBatch.magic(ByteBuffer.wrap(bytes), 0));
        return bytes;
    }

    private static ProduceRequest.Builder request() {
        return ProduceRequest.newBuilder().setTopic("events");
    }

    private static ProduceRequest.Builder one() {
        return request().addRecords(record("k", "v"));
    }

    private static ProduceRequest.Builder idempotent() {
        return one().setPartition(1)
                .setProducer(
                        ProducerSequence.newBuilder()
                                .setProducerId(9)
                                .setProducerEpoch(4)
                                .setBaseSequence(100));
    }

    private static Record record(String key, String value) {
        return Record.newBuilder().setKey(utf8(key)).setValue(utf8(value)).build();
    }

    private static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static String text(@org.jspecify.annotations.Nullable ByteBuffer bytes) {
        return bytes == null ? "null" : StandardCharsets.UTF_8.decode(bytes).toString();
    }
}
