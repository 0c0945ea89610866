package io.ackgate.gateway.hostile;

import static io.ackgate.gateway.Calls.topic;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.Calls;
import io.ackgate.gateway.Logged;
import io.ackgate.gateway.consume.Unpacking;
import io.ackgate.v1.ProduceRequest;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests of HTTP that are odd, large or many. */
@QuarkusTest
class HostileHttpTest {
    private static final String PRODUCE = "/ackgate.v1.ProducerService/Produce";

    @RegisterExtension final Logged logged = new Logged("");

    @Inject Unpacking unpacking;

    private String topic;

    @BeforeEach
    void create_topic() {
        topic = topic(1, Map.of());
    }

    /** Head and body of the answer to a request that is sent as it is. */
    private static String answer(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String get(String address) throws IOException {
        return answer(
                "GET /admin/v1%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                        .formatted(address));
    }

    private static void assertStatus(int status, String address) throws IOException {
        String answer = get(address);
        assertTrue(answer.startsWith("HTTP/1.1 " + status), () -> address + " " + answer);
        assertTrue(
                answer.contains("application/problem+json") || answer.endsWith("\r\n\r\n"),
                () -> address + " " + answer);
    }

    @Test
    void odd_addresses_lead_nowhere() throws IOException {
        for (String name :
                List.of(
                        "%2e%2e",
                        "..",
                        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
                        "%00",
                        "%ff",
                        "a%0d%0ab",
                        "%1b%5b2J",
                        "x".repeat(250),
                        "%2F" + topic,
                        topic + "%3fx")) {
            assertStatus(404, "/topics/" + name);
        }
        for (String address : List.of("/topics/%", "/topics/%zz", "/topics/x/records?limit=%zz")) {
            assertStatus(400, address);
        }
        for (String query :
                List.of(
                        "limit=0",
                        "limit=1001",
                        "offset=x",
                        "offset=-1",
                        "offset=99999999999999999999",
                        "offset=%00",
                        "partition=-1",
                        "partition=99999999999")) {
            String address = "/topics/" + topic + "/records?" + query;
            assertStatus(400, address);
            assertTrue(
                    get(address)
                            .contains(
                                    "\"field\":\"%s\""
                                            .formatted(query.substring(0, query.indexOf('=')))),
                    address);
        }
        for (String address :
                List.of(
                        "/topics/" + topic + "/partitions/-1",
                        "/topics/" + topic + "/partitions/x",
                        "/topics/" + topic + "/records?partition=7",
                        "/nodes/x",
                        "/nodes/%00",
                        "/nope")) {
            assertStatus(404, address);
        }
    }

    @Test
    void what_would_command_a_terminal_reaches_no_log() throws IOException {
        for (String head :
                List.of(
                        "DELETE /admin/v1/topics/a\u001b[2J HTTP/1.1\r\nHost: x",
                        "DELETE /admin/v1/topics/a\u009b2J HTTP/1.1\r\nHost: x",
                        "DELETE /admin/v1/topics/a%1b%0a%9b HTTP/1.1\r\nHost: x",
                        "DELETE /admin/v1/topics/a HTTP/1.1\r\nHost: x\u001b[2J",
                        "DELETE /admin/v1/topics/a HTTP/1.1\r\nHost: x\r\nOrigin: \u001b[2J",
                        "DELETE /admin/v1/topics/a HTTP/1.1\r\nHost: x\r\nX-Any: \u001b[2J",
                        "DEL\u001bETE /admin/v1/topics/a HTTP/1.1\r\nHost: x",
                        "POST /admin/v1/topics HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
                                + "Content-Type: \u001b[2J")) {
            String answer = answer(head + "\r\nConnection: close\r\n\r\n{}");
            assertTrue(answer.startsWith("HTTP/1.") && answer.charAt(9) == '4', answer);
        }
        try (RawHttp2 connection = new RawHttp2(RestAssured.port)) {
            int stream = connection.call(PRODUCE, "x-any", "\u001b[2J");
            connection.message(stream, 0, produce("\u001b[2J\n"), true);
            assertEquals("3", connection.end(stream).get("grpc-status"));
        }
        for (LogRecord line : logged.records()) {
            String message = line.getMessage();
            assertFalse(message.chars().anyMatch(Character::isISOControl), message);
        }
    }

    private static byte[] produce(String topic) {
        return ProduceRequest.newBuilder()
                .setTopic(topic)
                .setPartition(0)
                .addRecords(Calls.record("a"))
                .build()
                .toByteArray();
    }

    private int post(String body) {
        return given().contentType("application/json")
                .body(body)
                .post("/admin/v1/topics/{topic}/records", topic)
                .statusCode();
    }

    /** Whoever shares the event loop with its caller is served meanwhile. */
    @Test
    void a_large_body_is_not_read_as_json_on_an_event_loop() throws Exception {
        String large = "{\"value\": \"%s\"}".formatted("x".repeat(900_000));
        Semaphore held = new Semaphore(0);
        CountDownLatch leave = new CountDownLatch(1);
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        for (int i = 0; i < threads; i++) {
            unpacking.execute(
                    () -> {
                        held.release();
                        try {
                            leave.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
        }
        held.acquire(threads);
        CompletableFuture<Integer> posted = CompletableFuture.supplyAsync(() -> post(large));
        try {
            assertEquals(200, post("{\"value\": 1}"));
            assertFalse(posted.isDone());
        } finally {
            leave.countDown();
        }
        assertEquals(200, posted.get(30, TimeUnit.SECONDS));
        assertEquals(400, post(large + "{}"));
        assertEquals(400, post(large.replace("value", "valu")));
    }

    @Test
    void a_call_may_have_64_kibibytes_of_metadata() throws IOException {
        try (RawHttp2 connection = new RawHttp2(RestAssured.port)) {
            for (int kibibytes : List.of(9, 30, 63)) {
                int stream = connection.call(PRODUCE, "x-any", "x".repeat(kibibytes << 10));
                connection.message(stream, 0, produce(topic), true);
                assertEquals("0", connection.end(stream).get("grpc-status"));
            }
            // A little more ends the call, and leaves the others on its connection.
            int tooMuch = connection.call(PRODUCE, "x-any", "x".repeat(66 << 10));
            assertEquals("431", connection.end(tooMuch).get(":status"));
            int next = connection.call(PRODUCE);
            connection.message(next, 0, produce(topic), true);
            assertEquals("0", connection.end(next).get("grpc-status"));
        }
    }

    @Test
    void a_flood_of_headers_ends_its_connection() {
        assertEnds(
                connection -> {
                    for (int i = 0; i < 1_000; i++) {
                        connection.frame(
                                i == 0 ? RawHttp2.HEADERS : RawHttp2.CONTINUATION,
                                0,
                                1,
                                new byte[16_000]);
                    }
                });
        assertEnds(connection -> connection.call(PRODUCE, "x-any", "x".repeat(1 << 20)));
    }

    @Test
    void a_flood_of_resets_ends_its_connection() {
        assertEnds(
                connection -> {
                    for (int i = 0; i < 20_000; i++) {
                        connection.reset(connection.call(PRODUCE));
                    }
                });
    }

    /** A connection on which something is done. */
    private interface Attack {
        void on(RawHttp2 connection) throws IOException;
    }

    /** The attack is cut short, and others are served. */
    private void assertEnds(Attack attack) {
        assertThrows(
                IOException.class,
                () -> {
                    try (RawHttp2 connection = new RawHttp2(RestAssured.port)) {
                        attack.on(connection);
                        while (connection.next().type() != RawHttp2.GOAWAY) {
                            // What was under way ends first.
                        }
                        throw new IOException("the connection is ended");
                    }
                });
        assertEquals(200, post("{\"value\": 1}"));
    }
}
