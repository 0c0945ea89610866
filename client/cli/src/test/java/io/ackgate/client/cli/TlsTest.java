package io.ackgate.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.client.producer.FakeConsumption;
import io.ackgate.client.producer.FakeGateway;
import io.ackgate.client.producer.SelfSignedCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands over TLS, to a gateway and a REST side with certificates that nobody else trusts. */
@Timeout(60)
class TlsTest {
    private static final int WRONG_USE = 2;
    private static final int NO_GATEWAY = 4;
    private static final String CONTEXTS = "ackgate.contexts";

    @TempDir private static Path folder;

    private static SelfSignedCertificate server;
    private static SelfSignedCertificate client;
    private static FakeGateway gateway;
    private static FakeAdmin admin;

    @BeforeAll
    static void start() throws IOException {
        server = SelfSignedCertificate.in(folder, "gateway");
        client = SelfSignedCertificate.in(folder, "client");
        gateway = new FakeGateway().topic("t", 1);
        gateway.with(new FakeConsumption(gateway, 100)).startOnTls(server, client);
        admin = FakeAdmin.withTls(server);
        admin.answers("GET /admin/v1/topics", 200, "[]");
    }

    @AfterEach
    void forgetContexts() {
        System.clearProperty(CONTEXTS);
    }

    @AfterAll
    static void end() {
        gateway.close();
        admin.close();
    }

    private static List<String> certificates() {
        return List.of(
                "--ca-cert",
                server.certificate().toString(),
                "--cert",
                client.certificate().toString(),
                "--cert-key",
                client.key().toString());
    }

    private static CommandRun run(List<String> options, String... command) {
        List<String> line = new ArrayList<>(List.of(command));
        line.addAll(options);
        return CommandRun.of(line.toArray(String[]::new));
    }

    private static CommandRun runAt(String address, List<String> options, String... command) {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of("--bootstrap-server", address));
        return run(all, command);
    }

    private static String lines(String... lines) throws IOException {
        return Files.write(folder.resolve("lines"), List.of(lines)).toString();
    }

    @Test
    void records_go_and_come() throws IOException {
        String[] produce = {"produce", "t", "--file", lines("a", "b")};
        CommandRun produced = runAt(gateway.address(), certificates(), produce);
        assertEquals(0, produced.status(), produced::err);
        List<String> repeating = new ArrayList<>(certificates());
        repeating.add("--repeat-each");
        produced = runAt(gateway.address(), repeating, produce);
        assertEquals(0, produced.status(), produced::err);
        CommandRun consumed = runAt(gateway.address(), certificates(), "consume", "t");
        assertEquals("a\nb\na\nb\n", consumed.out(), consumed::err);
    }

    @Test
    void the_rest_side_is_reached_too() {
        CommandRun listed = runAt(admin.address(), certificates(), "topic", "list");
        assertEquals(0, listed.status(), listed::err);
    }

    @Test
    void a_context_keeps_them() throws IOException {
        System.setProperty(CONTEXTS, folder.resolve("contexts").toString());
        assertEquals(
                0,
                run(
                                certificates(),
                                "contexts",
                                "set",
                                "safe",
                                gateway.address(),
                                "--admin",
                                admin.address())
                        .status());
        assertTrue(run(List.of(), "contexts").out().contains(" yes"));
        assertEquals(0, run(List.of(), "topic", "list").status());
        assertEquals(0, run(List.of(), "produce", "t", "--file", lines()).status());
        run(List.of(), "contexts", "set", "safe", gateway.address());
        assertEquals(NO_GATEWAY, run(List.of(), "produce", "t", "--file", lines()).status());
    }

    @Test
    void whom_nobody_trusts_is_not_talked_to() throws IOException {
        for (List<String> options :
                List.of(
                        List.<String>of(),
                        List.of("--tls"),
                        List.of("--ca-cert", client.certificate().toString()),
                        List.of("--ca-cert", server.certificate().toString()))) {
            CommandRun refused =
                    runAt(gateway.address(), options, "produce", "t", "--file", lines("secret"));
            assertEquals(NO_GATEWAY, refused.status(), () -> options + ": " + refused.err());
        }
        CommandRun refused = runAt(admin.address(), List.of("--tls"), "topic", "list");
        assertEquals(NO_GATEWAY, refused.status(), refused::err);
    }

    @Test
    void files_that_are_not_there_are_named() {
        CommandRun refused =
                runAt(gateway.address(), List.of("--ca-cert", "/nowhere.crt"), "consume", "t");
        assertEquals(WRONG_USE, refused.status());
        assertTrue(refused.err().contains("/nowhere.crt cannot be read"), refused::err);
        CommandRun alone =
                runAt(gateway.address(), List.of("--cert-key", "/x.key"), "topic", "list");
        assertEquals(WRONG_USE, alone.status());
        assertTrue(alone.err().contains("--cert-key needs --cert"), alone::err);
    }
}
