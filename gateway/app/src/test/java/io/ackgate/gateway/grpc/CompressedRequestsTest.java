package io.ackgate.gateway.grpc;

import static io.ackgate.gateway.Calls.assertFails;
import static io.ackgate.gateway.Calls.producer;
import static io.ackgate.gateway.Calls.readValues;
import static io.ackgate.gateway.Calls.topic;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProducerRecord;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Requests that are small on the wire and large behind it. */
@QuarkusTest
class CompressedRequestsTest {
    private static final long BOMB_BYTES = 200L << 20;

    @GrpcClient("gateway")
    Channel channel;

    @ConfigProperty(name = "quarkus.grpc.server.max-inbound-message-size")
    int maxInboundBytes;

    @Test
    void one_that_becomes_too_large_is_refused_at_the_limit() throws Exception {
        String topic = topic(1, Map.of());
        for (String method : List.of("Produce", "ProduceStream")) {
            assertFails(
                    Status.Code.INVALID_ARGUMENT,
                    "MESSAGE_TOO_LARGE",
                    "more than 20971520 bytes when it is decompressed",
                    () -> sendZeros(method, BOMB_BYTES));
            assertFails(
                    Status.Code.INVALID_ARGUMENT,
                    "MESSAGE_TOO_LARGE",
                    "more than 20971520 bytes when it is decompressed",
                    () -> sendZeros(method, maxInboundBytes + 1));
        }
        // The greatest one is read, and is no message.
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "INVALID_REQUEST",
                "not the protobuf message",
                () -> sendZeros("Produce", maxInboundBytes));
        producer(channel)
                .withCompression("gzip")
                .produce(
                        ProduceRequest.newBuilder()
                                .setTopic(topic)
                                .addRecords(
                                        ProducerRecord.newBuilder()
                                                .setValue(ByteString.copyFromUtf8("a")))
                                .build());
        assertEquals(List.of("a"), readValues(channel, topic));
    }

    @Test
    void one_that_is_too_large_as_it_is_is_refused_with_the_reason() throws Exception {
        for (String method : List.of("Produce", "ProduceStream")) {
            for (int fits : List.of(maxInboundBytes - 1, maxInboundBytes)) {
                assertFails(
                        Status.Code.INVALID_ARGUMENT,
                        "INVALID_REQUEST",
                        "not the protobuf message",
                        () -> sendZeros(method, fits, CallOptions.DEFAULT));
            }
            assertFails(
                    Status.Code.RESOURCE_EXHAUSTED,
                    "MESSAGE_TOO_LARGE",
                    "more than 20971520 bytes",
                    () -> sendZeros(method, maxInboundBytes + 1, CallOptions.DEFAULT));
        }
    }

    private void sendZeros(String method, long bytes) {
        sendZeros(method, bytes, CallOptions.DEFAULT.withCompression("gzip"));
    }

    private void sendZeros(String method, long bytes, CallOptions options) {
        MethodDescriptor<Long, byte[]> raw =
                MethodDescriptor.<Long, byte[]>newBuilder()
                        .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
                        .setFullMethodName("ackgate.v1.ProducerService/" + method)
                        .setRequestMarshaller(new Zeros())
                        .setResponseMarshaller(new BadInputTest.RawBytes())
                        .build();
        ClientCalls.blockingServerStreamingCall(
                        channel, raw, options.withDeadlineAfter(30, TimeUnit.SECONDS), bytes)
                .forEachRemaining(answer -> {});
    }

    /** So many zeros, which are no message. */
    private static final class Zeros implements MethodDescriptor.Marshaller<Long> {
        @Override
        public InputStream stream(Long bytes) {
            return new InputStream() {
                private long left = bytes;

                @Override
                public int read() {
                    return left-- > 0 ? 0 : -1;
                }

                @Override
                public int read(byte[] into, int offset, int length) {
                    int given = (int) Math.min(left, length);
                    if (given == 0) {
                        return -1;
                    }
                    Arrays.fill(into, offset, offset + given, (byte) 0);
                    left -= given;
                    return given;
                }
            };
        }

        @Override
        public Long parse(InputStream stream) {
            throw new IllegalStateException("no such answer is asked for");
        }
    }
}
