package io.ackgate.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ackgate.client.Endpoint;
import io.ackgate.client.RequestException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Gateways that do not answer, or answer without end. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AdminClientTest {
    private static final Duration SOON = Duration.ofSeconds(3);
    private static final Duration LATER = Duration.ofSeconds(30);

    private static Endpoint at(ServerSocket server) {
        return new Endpoint("127.0.0.1", server.getLocalPort());
    }

    /** Its backlog takes connections, and nobody reads from them. */
    private static ServerSocket silent() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @Test
    void a_gateway_that_stands_still_is_left_for_the_next_one() throws IOException {
        try (ServerSocket still = silent();
                FakeAdmin admin = new FakeAdmin()) {
            admin.answers("GET /admin/v1/topics", 200, "[]");
            AdminClient client =
                    new AdminClient(
                            List.of(at(still), Endpoint.of(admin.address())), null, SOON, LATER);
            assertTrue(client.get("/topics").isArray());
        }
    }

    @Test
    void without_another_one_it_is_given_up() throws IOException {
        try (ServerSocket still = silent()) {
            AdminClient client = new AdminClient(List.of(at(still)), null, SOON, LATER);
            RequestException why =
                    assertThrows(RequestException.class, () -> client.get("/topics"));
            assertEquals("NETWORK_EXCEPTION", why.code());
            assertEquals(
                    "no gateway answers at %s; is it running?".formatted(at(still)),
                    why.getMessage());
        }
    }

    @Test
    void a_change_is_asked_of_one_only() throws IOException {
        try (ServerSocket still = silent();
                FakeAdmin admin = new FakeAdmin()) {
            AdminClient client =
                    new AdminClient(
                            List.of(at(still), Endpoint.of(admin.address())), null, LATER, SOON);
            RequestException why =
                    assertThrows(
                            RequestException.class,
                            () -> client.post("/topics", JsonNodeFactory.instance.objectNode()));
            assertTrue(
                    String.valueOf(why.getMessage()).endsWith("may have been done"),
                    why::getMessage);
            assertEquals(List.of(), admin.requests);
        }
    }

    @Test
    void an_answer_without_end_is_not_kept() throws IOException {
        try (ServerSocket endless = silent()) {
            Thread.ofVirtual().start(() -> answerForEver(endless));
            AdminClient client = new AdminClient(List.of(at(endless)), null, LATER, LATER);
            RequestException why =
                    assertThrows(RequestException.class, () -> client.get("/topics"));
            assertTrue(
                    String.valueOf(why.getMessage()).contains("at " + at(endless)),
                    why::getMessage);
        }
    }

    private static void answerForEver(ServerSocket server) {
        byte[] piece = " ".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = server.accept();
                OutputStream out = socket.getOutputStream()) {
            out.write(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write(piece);
            }
        } catch (IOException gone) {
            // The client has had enough.
        }
    }
}
