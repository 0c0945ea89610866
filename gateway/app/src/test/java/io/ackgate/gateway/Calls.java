package io.ackgate.gateway;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import io.ackgate.v1.ConsumerRecord;
import io.ackgate.v1.ConsumerServiceGrpc;
import io.ackgate.v1.OffsetSpec;
import io.ackgate.v1.ProducerRecord;
import io.ackgate.v1.ProducerServiceGrpc;
import io.ackgate.v1.SubscribeRequest;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;

/** What tests of the gateway's doors do again and again. */
public final class Calls {
    private static final int DEADLINE_SECONDS = 30;
    private static final AtomicInteger TOPICS = new AtomicInteger();

    private Calls() {}

    /** A new topic under a name of its own. */
    public static String topic(int partitions, Map<String, Object> settings) {
        String name = "topic-" + TOPICS.incrementAndGet();
        given().contentType("application/json")
                .body(Map.of("name", name, "partitions", partitions, "settings", settings))
                .post("/admin/v1/topics")
                .then()
                .statusCode(201);
        return name;
    }

    public static ProducerServiceGrpc.ProducerServiceBlockingStub producer(Channel channel) {
        return ProducerServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    public static ConsumerServiceGrpc.ConsumerServiceBlockingStub consumer(Channel channel) {
        return ConsumerServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    public static ProducerRecord record(String key, String value) {
        return ProducerRecord.newBuilder().setKey(utf8(key)).setValue(utf8(value)).build();
    }

    public static ProducerRecord record(String value) {
        return ProducerRecord.newBuilder().setValue(utf8(value)).build();
    }

    public static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }

    /** Everything committed in a topic, partition by partition. */
    public static List<ConsumerRecord> readAll(Channel channel, String topic) {
        List<ConsumerRecord> records = new ArrayList<>();
        consumer(channel)
                .subscribe(
                        SubscribeRequest.newBuilder()
                                .setTopic(topic)
                                .setOffsetSpec(OffsetSpec.OFFSET_SPEC_EARLIEST)
                                .setStopAtEnd(true)
                                .build())
                .forEachRemaining(chunk -> records.addAll(chunk.getRecordsList()));
        return records;
    }

    /** The values, as text, of everything committed in a topic. */
    public static List<String> readValues(Channel channel, String topic) {
        return readAll(channel, topic).stream().map(r -> r.getValue().toStringUtf8()).toList();
    }

    /** Waits until a condition holds. */
    public static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("did not happen within " + DEADLINE_SECONDS + " s");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    /** A call that ends with a status of these, in its details too. */
    public static ErrorInfo assertFails(
            io.grpc.Status.Code code, String reason, String words, Executable call)
            throws InvalidProtocolBufferException {
        StatusRuntimeException failure = assertThrows(StatusRuntimeException.class, call);
        ErrorInfo info = detail(failure, ErrorInfo.class);
        if (info == null) {
            throw new AssertionError("no ErrorInfo", failure);
        }
        assertEquals(reason, info.getReason(), failure.getMessage());
        assertEquals(code, failure.getStatus().getCode(), failure.getMessage());
        assertEquals("ackgate.io", info.getDomain());
        String said = String.valueOf(failure.getMessage());
        assertEquals(true, said.contains(words), said);
        return info;
    }

    /** A detail of a status; null if it has none of that type. */
    public static <M extends Message> @Nullable M detail(
            StatusRuntimeException failure, Class<M> type) throws InvalidProtocolBufferException {
        com.google.rpc.Status status = StatusProto.fromThrowable(failure);
        if (status != null) {
            for (Any any : status.getDetailsList()) {
                if (any.is(type)) {
                    return any.unpack(type);
                }
            }
        }
        return null;
    }
}
