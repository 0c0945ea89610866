package io.ackgate.gateway.grpc;

import static io.ackgate.gateway.Calls.assertFails;
import static io.ackgate.gateway.Calls.await;
import static io.ackgate.gateway.Calls.consumer;
import static io.ackgate.gateway.Calls.record;
import static io.ackgate.gateway.Calls.topic;
import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.FreshData;
import io.ackgate.v1.ConsumerServiceGrpc;
import io.ackgate.v1.FetchRequest;
import io.ackgate.v1.OffsetSpec;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.SubscribeRequest;
import io.ackgate.v1.SubscribeResponse;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.builder.RequestSpecBuilder;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.smallrye.mutiny.subscription.Cancellable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one caller may take of the port, with bounds that are small enough to be met. */
@QuarkusTest
@WithTestResource(value = FreshData.class, scope = TestResourceScope.GLOBAL)
@TestProfile(CallerBoundsTest.SmallBounds.class)
@Timeout(120)
class CallerBoundsTest extends ReadingFixture {
    private static final int OPEN = 40;

    public static class SmallBounds implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.http.idle-timeout", "10s",
                    "ackgate.http.keepalive-interval", "500ms",
                    "ackgate.http.request-timeout", "5s",
                    "ackgate.http.body-memory", "1M",
                    "ackgate.http.max-open-requests-per-address", Integer.toString(OPEN));
        }
    }

    /** A connection that is kept is closed by the idle timeout just when it is used again. */
    @BeforeEach
    void keepNoConnections() {
        RestAssured.requestSpecification =
                new RequestSpecBuilder().addHeader("Connection", "close").build();
    }

    @AfterEach
    void asBefore() {
        RestAssured.requestSpecification = null;
    }

    @Test
    void streams_without_traffic_live_longer_than_the_idle_timeout() throws Exception {
        String topic = topic(1, Map.of());
        AssertSubscriber<SubscribeResponse> subscriber =
                subscribe(
                        SubscribeRequest.newBuilder()
                                .setTopic(topic)
                                .setOffsetSpec(OffsetSpec.OFFSET_SPEC_EARLIEST));
        ManagedChannel apart = channel(RestAssured.port);
        ProduceStreamCall stream = new ProduceStreamCall(apart);
        send(stream, 1, topic);
        stream.answer();
        // Each of both connections is asked twice a second.
        double asked = metric("ackgate_keepalives_total");
        await(() -> metric("ackgate_keepalives_total") >= asked + 60);

        send(stream, 2, topic);
        stream.answer();
        awaitValues(subscriber, List.of("v", "v"));
        subscriber.cancel();
        apart.shutdownNow();
    }

    @Test
    void a_caller_that_falls_silent_without_a_word_is_found_though_nothing_is_sent()
            throws Exception {
        String topic = topic(1, Map.of());
        double open = metric("ackgate_open_streams{method=\"Subscribe\"}");
        double cut = metric("ackgate_requests_cut_off_total{bound=\"keepalive\"}");
        try (CutConnection connection = new CutConnection(RestAssured.port)) {
            ManagedChannel channel = channel(connection.port());
            var _ =
                    ConsumerServiceGrpc.newBlockingStub(channel)
                            .subscribe(SubscribeRequest.newBuilder().setTopic(topic).build());
            await(() -> metric("ackgate_open_streams{method=\"Subscribe\"}") == open + 1);
            connection.fallSilent();
            await(() -> metric("ackgate_open_streams{method=\"Subscribe\"}") == open);
            channel.shutdownNow();
        }
        assertTrue(metric("ackgate_requests_cut_off_total{bound=\"keepalive\"}") > cut);
    }

    @Test
    void a_long_poll_is_no_slow_request() {
        String topic = topic(1, Map.of());
        FetchRequest longPoll =
                FetchRequest.newBuilder().setTopic(topic).setMaxWaitMs(8_000).build();
        assertEquals(0, consumer(channel).fetch(longPoll).getRecordsCount());
    }

    @Test
    void a_body_that_does_not_come_to_its_end_is_given_up() throws Exception {
        String answer =
                answerTo(
                        """
                        POST /admin/v1/topics HTTP/1.1
                        Host: 127.0.0.1
                        Content-Type: application/json
                        Content-Length: 100

                        {"name":\
                        """);
        assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
        assertTrue(answer.contains("application/problem+json"), answer);
        assertTrue(answer.contains("ackgate.http.request-timeout"), answer);
    }

    @Test
    void a_body_that_is_too_large_is_answered_with_a_problem() throws Exception {
        String answer =
                answerTo(
                        """
                        POST /admin/v1/topics/t/records HTTP/1.1
                        Host: 127.0.0.1
                        Content-Type: application/json
                        Content-Length: 10485761

                        [\
                        """);
        assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
        assertTrue(answer.contains("application/problem+json"), answer);
        assertTrue(answer.contains("the body has 10485761 bytes and may have 10485760"), answer);
    }

    @Test
    void bodies_are_bounded_together_and_one_alone_is_always_taken() throws Exception {
        String topic = topic(1, Map.of("max.message.bytes", 2_000_000));
        String value = "v".repeat(1_200);
        String large =
                Stream.generate(() -> "{\"value\":\"" + value + "\"}")
                        .limit(1_000)
                        .collect(Collectors.joining(",", "[", "]"));
        assertTrue(large.length() > 1 << 20);
        given().contentType("application/json")
                .body(large)
                .post("/admin/v1/topics/{topic}/records?partition=0", topic)
                .then()
                .statusCode(200)
                .body("[0].baseOffset", equalTo(0));

        String[] answer = {""};
        await(
                () -> {
                    // It is given up after a while.
                    try (Socket slow = open(headersOf(1_000_000))) {
                        await(() -> metric("ackgate_request_body_bytes") > 0);
                        answer[0] = answerTo(headersOf(900_000));
                        return answer[0].startsWith("HTTP/1.1 429 ") && !slow.isClosed();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
        assertTrue(answer[0].contains("Retry-After: 1"), answer[0]);
        assertTrue(answer[0].contains("THROTTLING_QUOTA_EXCEEDED"), answer[0]);
        assertTrue(answer[0].contains("NOT_WRITTEN"), answer[0]);
        assertTrue(answer[0].contains("the bodies of all requests"), answer[0]);
        await(() -> metric("ackgate_request_body_bytes") == 0);
    }

    @Test
    void open_requests_of_an_address_are_bounded_and_the_next_is_told() throws Exception {
        String topic = topic(1, Map.of());
        FetchRequest longPoll =
                FetchRequest.newBuilder().setTopic(topic).setMaxWaitMs(300_000).build();
        List<Cancellable> polls = new ArrayList<>();
        double before = metric("ackgate_waiting_reads");
        for (int i = 0; i < OPEN; i++) {
            polls.add(consumers.fetch(longPoll).subscribe().with(fetched -> {}, lost -> {}));
        }
        await(() -> metric("ackgate_waiting_reads") >= before + OPEN);

        assertFails(
                Status.Code.RESOURCE_EXHAUSTED,
                "THROTTLING_QUOTA_EXCEEDED",
                "has 40 requests open",
                () -> fetch(topic, 0));
        var info =
                assertFails(
                        Status.Code.RESOURCE_EXHAUSTED,
                        "THROTTLING_QUOTA_EXCEEDED",
                        "ackgate.http.max-open-requests-per-address",
                        () -> produce(topic, 0, List.of(record("v"))));
        assertEquals("NOT_WRITTEN", info.getMetadataOrThrow("write_status"));
        get("/admin/v1/topics")
                .then()
                .statusCode(429)
                .contentType("application/problem+json")
                .body("code", equalTo("THROTTLING_QUOTA_EXCEEDED"));
        get("/q/health/live").then().statusCode(200);

        polls.forEach(Cancellable::cancel);
        await(() -> get("/admin/v1/topics").statusCode() == 200);
        produce(topic, 0, List.of(record("v")));
    }

    private static void send(ProduceStreamCall stream, long id, String topic) {
        stream.send(
                id,
                ProduceRequest.newBuilder()
                        .setTopic(topic)
                        .setPartition(0)
                        .addRecords(record("v")));
    }

    private static ManagedChannel channel(int port) {
        return ManagedChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    /** A request of which nothing but the headers has come. */
    private static String headersOf(int bodyBytes) {
        return """
        POST /admin/v1/topics HTTP/1.1
        Host: 127.0.0.1
        Content-Type: application/json
        Content-Length: %d

        """
                .formatted(bodyBytes);
    }

    private static Socket open(String request) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
        socket.setSoTimeout(30_000);
        socket.getOutputStream()
                .write(request.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** All that comes until the gateway closes the connection. */
    private static String answerTo(String request) throws IOException {
        try (Socket socket = open(request)) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static double metric(String series) {
        return get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElse(0);
    }
}
