package io.ackgate.docs.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A terminal in a directory, in which one command is run after the other. */
final class Shell {
    private static final int PATIENCE_SECONDS = 120;

    private final Path directory;
    private final Path programs;
    private final Path printed;
    private final Map<String, String> environment;
    private int status;

    /**
     * A shell.
     *
     * @param directory where its commands run
     * @param notes an empty directory for what it keeps
     */
    Shell(Path directory, Path notes) throws IOException {
        this.directory = directory;
        this.programs = Files.createDirectory(notes.resolve("bin"));
        this.printed = notes.resolve("printed");
        this.environment =
                Map.of(
                        "PATH",
                        programs + File.pathSeparator + System.getenv().get("PATH"),
                        // Where gateways are that the user of this machine works with.
                        "ACKGATE_CONTEXTS",
                        notes.resolve("contexts").toString(),
                        "ACKGATE_BOOTSTRAP",
                        "",
                        // They live for a second: what counts is how soon they are there.
                        "ACKGATE_JAVA_OPTS",
                        "-XX:TieredStopAtLevel=1");
    }

    /** Fails when somebody listens where the commands of a page will. */
    static void requireFree(int port) {
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertEquals(port, free.getLocalPort());
        } catch (IOException taken) {
            fail(
                    "port %d of 127.0.0.1, which the commands use, is taken: end what listens there"
                            .formatted(port),
                    taken);
        }
    }

    /** Makes a program known under a name, before all others of this name. */
    void install(String name, Path program) throws IOException {
        Path script = programs.resolve(name);
        Files.writeString(script, "#!/bin/sh\nexec '%s' \"$@\"\n".formatted(program));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Starts a command and does not wait; what it prints goes to a file. */
    Process start(List<String> command, Path log) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Runs a line to its end; returns what it printed, to standard output and error. */
    List<String> run(String line) throws Exception {
        // The line before may be asked about by $?.
        String script = "(exit %d)\n%s".formatted(status, line);
        Process process = start(List.of("bash", "-c", script), printed);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError(
                    "no end within %d s; so far: %s"
                            .formatted(PATIENCE_SECONDS, Files.readAllLines(printed)));
        }
        status = process.exitValue();
        return Files.readAllLines(printed);
    }

    /** The exit status of the last line. */
    int status() {
        return status;
    }
}
