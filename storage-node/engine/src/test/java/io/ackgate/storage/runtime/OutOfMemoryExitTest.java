package io.ackgate.storage.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that has run out of memory ends, whoever has caught the error. */
class OutOfMemoryExitTest {
    private final List<Integer> exits = new ArrayList<>();
    private final OutOfMemoryExit watch = new OutOfMemoryExit(exits::add);

    private void log(Throwable thrown) {
        LogRecord record = new LogRecord(Level.WARNING, "something was dropped");
        record.setThrown(thrown);
        watch.publish(record);
    }

    @Test
    void an_error_behind_others_is_found() {
        log(new IllegalStateException(new RuntimeException(new OutOfMemoryError("heap"))));
        assertEquals(List.of(OutOfMemoryExit.STATUS), exits);
    }

    @Test
    void everything_else_ends_nothing() {
        watch.publish(new LogRecord(Level.INFO, "nothing was thrown"));
        log(new StackOverflowError());
        IllegalStateException circle = new IllegalStateException();
        circle.initCause(new RuntimeException(circle));
        log(circle);
        assertEquals(List.of(), exits);
    }

    @ParameterizedTest
    @ValueSource(strings = {"logged", "uncaught"})
    void a_real_process_ends(String how) throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx24m",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                OutOfMemoryExitTest.class.getName(),
                                how)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES), "the child process goes on");
        assertEquals(OutOfMemoryExit.STATUS, process.exitValue());
    }

    /** The child process: a thread that runs out of memory beside one that would go on for ever. */
    public static void main(String[] arguments) {
        OutOfMemoryExit.install();
        Thread.ofPlatform()
                .start(
                        arguments[0].equals("logged")
                                ? OutOfMemoryExitTest::log
                                : OutOfMemoryExitTest::fill);
        while (true) {
            Thread.onSpinWait();
        }
    }

    private static void log() {
        try {
            fill();
        } catch (OutOfMemoryError e) {
            Logger.getLogger("a library").log(Level.SEVERE, "it goes on", e);
        }
    }

    private static void fill() {
        List<byte[]> much = new ArrayList<>();
        while (much.size() < 1_000) {
            much.add(new byte[1 << 20]);
        }
    }
}
