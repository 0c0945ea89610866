package io.ackgate.gateway.grpc;

import static io.ackgate.gateway.Calls.assertFails;
import static io.ackgate.gateway.Calls.producer;
import static io.ackgate.gateway.Calls.readValues;
import static io.ackgate.gateway.Calls.record;
import static io.ackgate.gateway.Calls.topic;
import static io.ackgate.gateway.Calls.utf8;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.ackgate.gateway.Calls;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.v1.Acks;
import io.ackgate.v1.InitProducerRequest;
import io.ackgate.v1.InitProducerResponse;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProduceStreamResponse;
import io.ackgate.v1.ProducerRecord;
import io.ackgate.v1.ProducerSequence;
import io.ackgate.v1.WriteStatus;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Bad input, each with a clear error, and the stream still alive. */
@QuarkusTest
class BadInputTest {
    private static final int MAX_MESSAGE_BYTES = 2_048;

    @GrpcClient("gateway")
    Channel channel;

    /**
     * A request that is refused.
     *
     * @param words what was given and what is allowed
     * @param advice what to do
     */
    private record Bad(
            String code,
            String field,
            String words,
            String advice,
            ProduceRequest.Builder request) {

        void assertExplained(String message) {
            assertTrue(message.contains(words), message);
            assertTrue(message.contains(advice), message);
        }
    }

    private List<Bad> everyBadRequest(String topic, String floored) {
        InitProducerResponse session =
                producer(channel).initProducer(InitProducerRequest.getDefaultInstance());
        InitProducerResponse newer = session.toBuilder().setProducerEpoch(1).build();
        producer(channel).produce(sequenced(topic, newer, 0).build());
        InitProducerResponse other =
                producer(channel).initProducer(InitProducerRequest.getDefaultInstance());
        producer(channel).produce(sequenced(topic, other, 0).build());
        List<Bad> all = new ArrayList<>();
        all.add(
                new Bad(
                        "UNKNOWN_TOPIC_OR_PARTITION",
                        "topic",
                        "there is no topic 'no-such-topic'",
                        "create it first",
                        good("no-such-topic")));
        all.add(
                new Bad(
                        "UNKNOWN_TOPIC_OR_PARTITION",
                        "partition",
                        "has no partition 3, it has 3: 0 to 2",
                        "name one of them",
                        good(topic).setPartition(3)));
        all.add(
                new Bad(
                        "UNKNOWN_TOPIC_OR_PARTITION",
                        "partition",
                        "has no partition -1, it has 3: 0 to 2",
                        "name one of them",
                        good(topic).setPartition(-1)));
        all.add(
                new Bad(
                        "INVALID_REQUEST",
                        "records",
                        "the batch is empty",
                        "give one record or more",
                        good(topic).clearRecords()));
        all.add(
                new Bad(
                        "CORRUPT_MESSAGE",
                        "record_batch",
                        "bytes are no batch",
                        "build the batch again",
                        good(topic).clearRecords().setRecordBatch(utf8("garbage"))));
        all.add(
                new Bad(
                        "CORRUPT_MESSAGE",
                        "record_batch",
                        "crc is",
                        "build the batch again",
                        good(topic).clearRecords().setRecordBatch(altered(batch(10)))));
        all.add(
                new Bad(
                        "MESSAGE_TOO_LARGE",
                        "record_batch",
                        "at most " + MAX_MESSAGE_BYTES + " are taken",
                        "Send fewer records per batch, or raise",
                        good(topic).clearRecords().setRecordBatch(batch(MAX_MESSAGE_BYTES))));
        all.add(
                new Bad(
                        "MESSAGE_TOO_LARGE",
                        "records[0]",
                        "max.message.bytes, " + MAX_MESSAGE_BYTES,
                        "Send fewer records per batch, or raise",
                        good(topic)
                                .clearRecords()
                                .addRecords(
                                        ProducerRecord.newBuilder()
                                                .setValue(
                                                        ByteString.copyFrom(
                                                                new byte[MAX_MESSAGE_BYTES])))));
        all.add(
                new Bad(
                        "INVALID_REQUEST",
                        "timeout_ms",
                        "timeout_ms is -1, it must be 0 or more",
                        "leave it out for the gateway's default",
                        good(topic).setTimeoutMs(-1)));
        all.add(
                new Bad(
                        "INVALID_REQUIRED_ACKS",
                        "acks",
                        "acks 77 is unknown",
                        "Use ACKS_NONE, ACKS_LEADER or ACKS_ALL",
                        good(topic).setAcksValue(77)));
        all.add(
                new Bad(
                        "INVALID_CONFIG",
                        "acks",
                        "an idempotent producer needs acks=all, which is at odds with acks=1",
                        "ask for ACKS_ALL, or write without a producer id",
                        sequenced(topic, other, 1).setAcks(Acks.ACKS_LEADER)));
        all.add(
                new Bad(
                        "OUT_OF_ORDER_SEQUENCE_NUMBER",
                        "",
                        "sequences 5 to 5, 1 comes next",
                        "send the batch that is missing first",
                        sequenced(topic, other, 5)));
        all.add(
                new Bad(
                        "INVALID_PRODUCER_EPOCH",
                        "",
                        "a session with epoch 1 has replaced it",
                        "stop this one",
                        sequenced(topic, session, 0)));
        all.add(
                new Bad(
                        "POLICY_VIOLATION",
                        "acks",
                        "acks=0 (given in the request) is under the floor",
                        "Keep to what the topic's settings ask for",
                        good(floored).setAcks(Acks.ACKS_NONE)));
        all.add(
                new Bad(
                        "INVALID_TOPIC_EXCEPTION",
                        "topic",
                        "no topic can be called 'a/b'",
                        "has 1 to 249 of the characters",
                        good("a/b")));
        all.add(
                new Bad(
                        "INVALID_TOPIC_EXCEPTION",
                        "topic",
                        "(250 characters)",
                        "has 1 to 249 of the characters",
                        good("x".repeat(250))));
        return all;
    }

    @Test
    void each_is_answered_in_place_and_the_stream_goes_on() throws Exception {
        String topic = topic(3, Map.of("max.message.bytes", MAX_MESSAGE_BYTES));
        String floored = topic(1, Map.of("ackgate.min.acks", "all"));
        List<Bad> bad = everyBadRequest(topic, floored);
        ProduceStreamCall stream = new ProduceStreamCall(channel);

        for (int i = 0; i < bad.size(); i++) {
            stream.send(2L * i, bad.get(i).request());
            ProduceStreamResponse refused = stream.answer();
            assertEquals(2L * i, refused.getCorrelationId());
            assertTrue(refused.hasError(), bad.get(i)::toString);
            assertEquals(bad.get(i).code(), refused.getError().getCode());
            assertEquals(bad.get(i).field(), refused.getError().getField());
            bad.get(i).assertExplained(refused.getError().getMessage());
            assertEquals(WriteStatus.WRITE_STATUS_NOT_WRITTEN, refused.getError().getWriteStatus());
            assertFalse(refused.getError().getRetriable());
            assertEquals(0, refused.getReceiptsCount());

            stream.send(2L * i + 1, good(topic));
            ProduceStreamResponse taken = stream.answer();
            assertEquals(2L * i + 1, taken.getCorrelationId());
            assertFalse(taken.hasError(), taken::toString);
        }
        stream.sendHollow(99);
        assertEquals("INVALID_REQUEST", stream.answer().getError().getCode());
        stream.endRequests();
        stream.awaitEnd();

        assertEquals(
                bad.size() + 2,
                readValues(channel, topic).size(),
                "the good ones are there, the bad ones are not");
    }

    @Test
    void each_ends_a_unary_call_with_a_status_that_says_the_same() throws Exception {
        String topic = topic(3, Map.of("max.message.bytes", MAX_MESSAGE_BYTES));
        String floored = topic(1, Map.of("ackgate.min.acks", "all"));
        for (Bad bad : everyBadRequest(topic, floored)) {
            StatusRuntimeException failure =
                    assertThrows(
                            StatusRuntimeException.class,
                            () -> producer(channel).produce(bad.request().build()),
                            bad::toString);
            ErrorInfo info =
                    Objects.requireNonNull(Calls.detail(failure, ErrorInfo.class), bad::toString);
            assertEquals(bad.code(), info.getReason());
            assertEquals("NOT_WRITTEN", info.getMetadataOrThrow("write_status"));
            assertEquals("false", info.getMetadataOrThrow("retriable"));
            bad.assertExplained(String.valueOf(failure.getStatus().getDescription()));
            BadRequest fields = Calls.detail(failure, BadRequest.class);
            assertEquals(
                    bad.field(), fields == null ? "" : fields.getFieldViolations(0).getField());
        }
    }

    @Test
    void bytes_that_are_no_message_end_the_call_at_once() throws Exception {
        for (MethodDescriptor.MethodType type :
                List.of(
                        MethodDescriptor.MethodType.UNARY,
                        MethodDescriptor.MethodType.SERVER_STREAMING)) {
            String method = type == MethodDescriptor.MethodType.UNARY ? "Produce" : "TrackProduce";
            MethodDescriptor<byte[], byte[]> raw =
                    MethodDescriptor.<byte[], byte[]>newBuilder()
                            .setType(type)
                            .setFullMethodName("ackgate.v1.ProducerService/" + method)
                            .setRequestMarshaller(new RawBytes())
                            .setResponseMarshaller(new RawBytes())
                            .build();
            assertFails(
                    Status.Code.INVALID_ARGUMENT,
                    "INVALID_REQUEST",
                    "not the protobuf message",
                    () ->
                            ClientCalls.blockingServerStreamingCall(
                                            channel,
                                            raw,
                                            CallOptions.DEFAULT.withDeadlineAfter(
                                                    30, TimeUnit.SECONDS),
                                            new byte[] {-1, 1, 2, 3})
                                    .forEachRemaining(answer -> {}));
        }
    }

    @Test
    void topics_that_cannot_be() {
        assertTopicRefused(
                Map.of(
                        "name",
                        "t1",
                        "replicationFactor",
                        3,
                        "settings",
                        Map.of("min.insync.replicas", 4)),
                "INVALID_CONFIG",
                "min.insync.replicas was given as 4 and replication.factor is 3: no write with"
                        + " acks=all could ever succeed; give 1 to 3");
        assertTopicRefused(
                Map.of("name", "x".repeat(250)),
                "INVALID_TOPIC_EXCEPTION",
                "has 250 characters: use 1 to 249 letters, digits");
        assertTopicRefused(
                Map.of("name", "a/b"),
                "INVALID_TOPIC_EXCEPTION",
                "'a/b' holds '/': use 1 to 249 letters, digits");
        assertTopicRefused(Map.of("name", ""), "INVALID_TOPIC_EXCEPTION", "");
        assertTopicRefused(Map.of("name", "t2", "partitions", 0), "INVALID_PARTITIONS", "0");
        assertTopicRefused(
                Map.of("name", "t3", "replicationFactor", 4), "INVALID_REPLICATION_FACTOR", "4");
        assertTopicRefused(
                Map.of("name", "t4", "settings", Map.of("no.such.setting", "1")),
                "INVALID_CONFIG",
                "no.such.setting");
    }

    private static void assertTopicRefused(Map<String, Object> topic, String code, String words) {
        given().contentType("application/json")
                .body(topic)
                .post("/admin/v1/topics")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("code", equalTo(code))
                .body("retriable", equalTo(false))
                .body("detail", containsString(words));
    }

    private static ProduceRequest.Builder good(String topic) {
        return ProduceRequest.newBuilder()
                .setTopic(topic)
                .setPartition(0)
                .addRecords(record("good"));
    }

    /** A ready-made batch of one record with a value of so many bytes. */
    private static ByteString batch(int valueBytes) {
        RecordBatchBuilder builder = new RecordBatchBuilder(0, 1 << 20);
        builder.append(0, null, new byte[valueBytes]);
        return ByteString.copyFrom(builder.build());
    }

    /** The same with its last bit flipped. */
    private static ByteString altered(ByteString batch) {
        byte[] bytes = batch.toByteArray();
        bytes[bytes.length - 1] ^= 1;
        return ByteString.copyFrom(bytes);
    }

    private static ProduceRequest.Builder sequenced(
            String topic, InitProducerResponse session, int sequence) {
        return good(topic)
                .setProducer(
                        ProducerSequence.newBuilder()
                                .setProducerId(session.getProducerId())
                                .setProducerEpoch(session.getProducerEpoch())
                                .setBaseSequence(sequence));
    }

    /** Sends what is not protobuf. */
    static final class RawBytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] bytes) {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
