package io.ackgate.docs.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.docs.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that operations.md shows for TLS, against the gateway that they start. */
@Timeout(300)
class TlsIT {
    private static final int PORT = 8443;
    private static final int CLEAR_TEXT_PORT = 8080;
    private static final int START_SECONDS = 60;
    private static final int NO_GATEWAY = 4;
    private static final String SECTION = "## TLS";
    private static final String GATEWAY = "java ";
    private static final String LISTENS = "Listening on: https://127.0.0.1:" + PORT;

    private final List<String> section;
    private final Path log;
    private final Shell shell;
    private final Checkout checkout;
    private @Nullable Process gateway;

    TlsIT(@TempDir Path fresh, @TempDir Path notes) throws IOException {
        section =
                section(
                        Files.readAllLines(
                                Repository.root().resolve("gateway/docs/operations.md")));
        checkout = Checkout.ofWhatIsBuilt(fresh);
        log = notes.resolve("gateway.log");
        shell = new Shell(fresh, notes);
        for (String program : List.of("java", "keytool")) {
            shell.install(program, Path.of(System.getProperty("java.home"), "bin", program));
        }
    }

    private static List<String> section(List<String> page) {
        List<String> rest = page.subList(page.indexOf(SECTION) + 1, page.size());
        return rest.stream().takeWhile(line -> !line.startsWith("## ")).toList();
    }

    @BeforeEach
    void requirePort() {
        Shell.requireFree(PORT);
    }

    @AfterEach
    void end() throws Exception {
        checkout.removeLinks();
        if (gateway != null) {
            gateway.destroy();
            gateway.waitFor();
        }
    }

    @Test
    void commands_and_gateway_talk_by_tls() throws Exception {
        List<ShownCommand> commands = ShownCommand.of(section);
        assertTrue(commands.size() > 6, commands::toString);
        for (ShownCommand command : commands) {
            if (command.text().startsWith(GATEWAY)) {
                start(command);
            } else {
                List<String> printed = run(command);
                assertTrue(command.isShownToPrint(printed), () -> command.mismatch(printed));
                assertEquals(0, shell.status(), () -> command + ": " + printed);
            }
        }
        shell.run("curl -s http://127.0.0.1:%d/q/health/ready".formatted(PORT));
        assertTrue(shell.status() != 0, "clear text is answered by the port that speaks TLS");
        Shell.requireFree(CLEAR_TEXT_PORT);
    }

    /** On a busy machine the first handshake may last longer than commands wait for a gateway. */
    private List<String> run(ShownCommand command) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        List<String> printed = shell.run(command.text());
        while (shell.status() == NO_GATEWAY && System.nanoTime() - end < 0) {
            printed = shell.run(command.text());
        }
        return printed;
    }

    private void start(ShownCommand command) throws Exception {
        gateway = shell.start(List.of("bash", "-c", "exec " + command.text()), log);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!Files.readString(log).contains(LISTENS)) {
            assertTrue(
                    gateway.isAlive() && System.nanoTime() - end < 0,
                    "it does not listen: " + Files.readString(log));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }
}
