package io.ackgate.gateway.rest;

import static io.ackgate.gateway.Calls.await;
import static io.ackgate.gateway.Calls.producer;
import static io.ackgate.gateway.Calls.topic;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProducerRecord;
import io.grpc.Channel;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A page counts in the memory of reads until its caller has taken it. */
@QuarkusTest
class UntakenPageTest {
    private static final int RECORD_BYTES = 12 << 20;

    @Inject GatewayRuntime runtime;

    @GrpcClient("gateway")
    Channel channel;

    private String topicOfOneLargeRecord() {
        String topic = topic(1, Map.of("max.message.bytes", 15 << 20));
        producer(channel)
                .produce(
                        ProduceRequest.newBuilder()
                                .setTopic(topic)
                                .setPartition(0)
                                .addRecords(
                                        ProducerRecord.newBuilder()
                                                .setValue(
                                                        ByteString.copyFromUtf8(
                                                                "a".repeat(RECORD_BYTES))))
                                .build());
        return topic;
    }

    @Test
    void a_page_is_held_until_it_is_taken_or_its_caller_goes() throws Exception {
        String topic = topicOfOneLargeRecord();
        long before = runtime.readMemory().bytes();
        try (Socket caller = new Socket()) {
            caller.setReceiveBufferSize(4_096);
            caller.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), RestAssured.port));
            caller.getOutputStream()
                    .write(
                            """
                            GET /admin/v1/topics/%s/records HTTP/1.1\r
                            Host: localhost\r
                            \r
                            """
                                    .formatted(topic)
                                    .getBytes(StandardCharsets.US_ASCII));
            assertEquals('H', caller.getInputStream().read(), "the answer is on its way");
            long held = runtime.readMemory().bytes() - before;
            assertTrue(held >= RECORD_BYTES, () -> held + " bytes are held");
        }
        await(() -> runtime.readMemory().bytes() == before);
    }

    @Test
    void a_page_that_was_taken_is_held_no_more() {
        String topic = topicOfOneLargeRecord();
        long before = runtime.readMemory().bytes();
        assertEquals(200, RestAssured.get("/admin/v1/topics/{name}/records", topic).statusCode());
        await(() -> runtime.readMemory().bytes() == before);
    }
}
