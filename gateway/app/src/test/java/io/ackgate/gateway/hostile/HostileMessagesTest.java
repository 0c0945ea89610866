package io.ackgate.gateway.hostile;

import static io.ackgate.gateway.Calls.readValues;
import static io.ackgate.gateway.Calls.record;
import static io.ackgate.gateway.Calls.topic;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProduceStreamRequest;
import io.ackgate.v1.TrackProduceRequest;
import io.grpc.Channel;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages of gRPC that say one thing of themselves and are another. */
@QuarkusTest
class HostileMessagesTest {
    private static final String SERVICE = "/ackgate.v1.ProducerService/";
    private static final byte[] LARGER_THAN_ONE_MAY_BE = {0, 0x7f, 0, 0, 0};
    private static final String UNIMPLEMENTED = "12";
    private static final String INVALID_ARGUMENT = "3";
    private static final String RESOURCE_EXHAUSTED = "8";

    @GrpcClient("gateway")
    Channel channel;

    private String topic;

    @BeforeEach
    void create_topic() {
        topic = topic(1, Map.of());
    }

    /** One record, as the method takes it. */
    private byte[] request(String method) {
        ProduceRequest produce =
                ProduceRequest.newBuilder()
                        .setTopic(topic)
                        .setPartition(0)
                        .addRecords(record(method))
                        .build();
        return switch (method) {
            case "Produce" -> produce.toByteArray();
            case "ProduceStream" ->
                    ProduceStreamRequest.newBuilder().setProduce(produce).build().toByteArray();
            default -> TrackProduceRequest.newBuilder().setProduce(produce).build().toByteArray();
        };
    }

    /** What a call with one message ends with. */
    private static Map<String, String> end(
            String method, int flag, byte[] message, String... headers) throws IOException {
        try (RawHttp2 connection = new RawHttp2(RestAssured.port)) {
            int stream = connection.call(SERVICE + method, headers);
            connection.message(stream, flag, message, true);
            return connection.end(stream);
        }
    }

    /** The end says what was wrong, with the code of its status in its details too. */
    private static void assertRefused(String status, String reason, Map<String, String> end)
            throws IOException {
        assertEquals(status, end.get("grpc-status"), end::toString);
        Status details =
                Status.parseFrom(Base64.getDecoder().decode(end.get("grpc-status-details-bin")));
        assertEquals(status, Integer.toString(details.getCode()));
        assertEquals(reason, details.getDetails(0).unpack(ErrorInfo.class).getReason());
        assertTrue(end.getOrDefault("grpc-message", "").startsWith(reason), end::toString);
    }

    private void assertWritten(List<String> methods) {
        assertEquals(methods, readValues(channel, topic));
    }

    private static final List<String> METHODS = List.of("Produce", "ProduceStream", "TrackProduce");

    @Test
    void an_encoding_that_is_not_known_is_refused_at_once() throws IOException {
        for (String method : METHODS) {
            for (int flag = 0; flag <= 1; flag++) {
                Map<String, String> end =
                        end(method, flag, request(method), "grpc-encoding", "zstd");
                assertRefused(UNIMPLEMENTED, "UNSUPPORTED_COMPRESSION_TYPE", end);
                assertEquals("identity,gzip", end.get("grpc-accept-encoding"));
            }
        }
        assertWritten(List.of());
    }

    @Test
    void what_does_not_decompress_is_refused_at_once() throws IOException {
        for (String method : METHODS) {
            byte[] packed = RawHttp2.gzip(request(method));
            byte[] half = Arrays.copyOf(packed, packed.length / 2);
            assertRefused(
                    INVALID_ARGUMENT,
                    "INVALID_REQUEST",
                    end(method, 1, half, "grpc-encoding", "gzip"));
            packed[0] = 1;
            assertRefused(
                    INVALID_ARGUMENT,
                    "INVALID_REQUEST",
                    end(method, 1, packed, "grpc-encoding", "gzip"));
        }
        assertWritten(List.of());
    }

    /**
     * A flag that does not fit is no reason to keep a caller waiting for a message that is whole.
     */
    @Test
    void the_flag_of_a_message_decides_nothing() throws IOException {
        for (String method : METHODS) {
            assertEquals("0", end(method, 1, RawHttp2.gzip(request(method))).get("grpc-status"));
            assertEquals("0", end(method, 1, request(method)).get("grpc-status"));
            assertEquals(
                    "0",
                    end(method, 2, request(method), "grpc-encoding", "gzip").get("grpc-status"));
        }
        assertWritten(METHODS.stream().flatMap(m -> List.of(m, m, m).stream()).toList());
    }

    @Test
    void a_message_that_is_too_large_is_refused_as_soon_as_it_says_so() throws IOException {
        for (String method : METHODS) {
            try (RawHttp2 connection = new RawHttp2(RestAssured.port)) {
                int stream = connection.call(SERVICE + method);
                connection.frame(RawHttp2.DATA, 0, stream, LARGER_THAN_ONE_MAY_BE);
                assertRefused(RESOURCE_EXHAUSTED, "MESSAGE_TOO_LARGE", connection.end(stream));
            }
        }
        assertWritten(List.of());
    }

    @Test
    void so_is_one_behind_others_that_were_answered() throws IOException {
        try (RawHttp2 connection = new RawHttp2(RestAssured.port)) {
            int stream = connection.call(SERVICE + "ProduceStream");
            connection.message(stream, 0, request("ProduceStream"), false);
            while (connection.next().type() != RawHttp2.DATA) {
                // Settings and headers come before the answer.
            }
            connection.frame(RawHttp2.DATA, 0, stream, LARGER_THAN_ONE_MAY_BE);
            assertRefused(RESOURCE_EXHAUSTED, "MESSAGE_TOO_LARGE", connection.end(stream));
        }
        assertWritten(List.of("ProduceStream"));
    }

    /** Each of 2,000 connections has one, and a hundred calls more on one of them. */
    @Test
    void half_messages_keep_nobody_from_writing() throws IOException {
        List<RawHttp2> connections = new ArrayList<>();
        try {
            for (int i = 0; i < 2_000; i++) {
                RawHttp2 connection = new RawHttp2(RestAssured.port);
                connections.add(connection);
                connection.frame(
                        RawHttp2.DATA, 0, connection.call(SERVICE + "Produce"), new byte[] {0, 0});
            }
            for (int i = 0; i < 100; i++) {
                RawHttp2 last = connections.getLast();
                last.frame(
                        RawHttp2.DATA,
                        0,
                        last.call(SERVICE + "ProduceStream"),
                        new byte[] {0, 0, 1, 0, 0, 7});
            }
            assertEquals("0", end("Produce", 0, request("Produce")).get("grpc-status"));
        } finally {
            for (RawHttp2 connection : connections) {
                connection.close();
            }
        }
        assertWritten(List.of("Produce"));
    }
}
