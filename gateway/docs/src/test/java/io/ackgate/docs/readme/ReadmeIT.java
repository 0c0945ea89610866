package io.ackgate.docs.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.ackgate.docs.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the README shows happens: its commands are run in its order, each must end well unless the
 * next one asks how it ended, and prints what is shown below it; see {@link ShownOutput}.
 *
 * <p>The gateway is the one that the build around this test has packaged, started as the first
 * command starts it. {@code -Dreadme.build} runs that command itself in a copy of the sources.
 */
@Timeout(600)
class ReadmeIT {
    private static final boolean BUILD = System.getProperty("readme.build") != null;
    private static final int PORT = 8080;
    private static final int START_SECONDS = BUILD ? 500 : 60;

    private static final String START = "./mvnw -q -Dstart";
    private static final String VERIFY = "./mvnw -B -ntp verify";

    /** What goes on by itself after the command before is looked at until it is as shown. */
    private static final String LOOK = "client/ackgate topic describe";

    private static final int LOOK_SECONDS = 20;

    private static final Path BUF = Repository.root().resolve("proto/target/buf/buf.exe");

    private final List<String> page;
    private final Path log;
    private final Shell shell;
    private final Checkout checkout;
    private @Nullable Process gateway;

    ReadmeIT(@TempDir Path fresh, @TempDir Path notes) throws IOException {
        page = Files.readAllLines(Repository.root().resolve("README.md"));
        checkout = BUILD ? Checkout.ofSources(fresh) : Checkout.ofWhatIsBuilt(fresh);
        log = notes.resolve("gateway.log");
        shell = new Shell(fresh, notes);
        if (Files.exists(BUF)) {
            shell.install("buf", BUF);
        }
    }

    @BeforeEach
    void requirePort() {
        Shell.requireFree(PORT);
    }

    @AfterEach
    void end() throws Exception {
        checkout.removeLinks();
        if (gateway != null) {
            gateway.descendants().forEach(ProcessHandle::destroy);
            gateway.destroy();
            gateway.waitFor();
        }
    }

    /** Commands that are not run here, and why. */
    private static Map<String, String> notRun() {
        Map<String, String> notRun = new LinkedHashMap<>();
        notRun.put(VERIFY, "it is what runs this test");
        if (!Files.exists(BUF)) {
            notRun.put("buf curl", "this build has fetched no buf for this platform");
        }
        return notRun;
    }

    @Test
    void what_the_readme_shows_happens() throws Exception {
        if (Boolean.getBoolean("test.native")) {
            abort("NOT RUN: -Dnative builds no jar; src-native/check takes this way there");
        }
        List<ShownCommand> commands = ShownCommand.of(page);
        assertEquals(START, commands.getFirst().text(), "the first command starts the gateway");
        assertTrue(commands.size() > 20, () -> "few commands are found: " + commands);
        start(commands.getFirst());
        Map<String, String> notRun = notRun();
        for (int i = 1; i < commands.size(); i++) {
            ShownCommand command = commands.get(i);
            if (notRun.keySet().stream().noneMatch(command.text()::startsWith)) {
                List<String> printed = run(command);
                assertTrue(command.isShownToPrint(printed), () -> command.mismatch(printed));
                boolean isAskedAbout =
                        i + 1 < commands.size() && commands.get(i + 1).text().equals("echo $?");
                assertEquals(isAskedAbout, shell.status() != 0, () -> command + ": " + printed);
            }
        }
        List<String> logged = JavaSnippet.run(JavaSnippet.of(page), checkout.directory());
        assertEquals(1, logged.size(), logged::toString);
        assertTrue(logged.getFirst().matches("\\[\\d+, \\d+]"), logged::toString);
    }

    @Test
    void what_is_not_run_is_in_the_readme() {
        for (String beginning : notRun().keySet()) {
            assertTrue(
                    ShownCommand.of(page).stream()
                            .anyMatch(command -> command.text().startsWith(beginning)),
                    beginning);
        }
        assertFalse(
                System.getenv("CI") != null && notRun().size() > 1,
                () -> "on CI all of it is run: " + notRun());
    }

    private List<String> run(ShownCommand command) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LOOK_SECONDS);
        List<String> printed = shell.run(command.text());
        while (command.text().startsWith(LOOK)
                && !command.isShownToPrint(printed)
                && System.nanoTime() - end < 0) {
            printed = shell.run(command.text());
        }
        return printed;
    }

    /** Starts the gateway, and waits until it says what is shown. */
    private void start(ShownCommand command) throws Exception {
        gateway =
                shell.start(
                        BUILD
                                ? List.of("bash", "-c", command.text())
                                : StartCommand.in(checkout.directory()),
                        log);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!command.isShownToPrint(Files.readAllLines(log))) {
            if (!gateway.isAlive() || System.nanoTime() - end > 0) {
                fail(command.mismatch(Files.readAllLines(log)));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }
}
