package io.ackgate.gateway.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The programs in {@code client/python}, with stubs that their script has made. */
final class PythonExamples {
    private static final Path FOLDER =
            Path.of(System.getProperty("repository.root", "../.."))
                    .resolve("client/python")
                    .toAbsolutePath()
                    .normalize();

    /** Debian's, whose packages are meant: another one may come first in the PATH. */
    private static final String PYTHON = "/usr/bin/python3";

    private static final int PATIENCE_SECONDS = 120;

    private final Path stubs;

    /** Makes the stubs. */
    PythonExamples(Path stubs) throws IOException {
        this.stubs = stubs;
        Commands.output(FOLDER.resolve("make-stubs").toString(), stubs.toString());
    }

    /** What this machine lacks for them, as a sentence; empty if it lacks nothing. */
    static String missing() {
        if (!Commands.succeeds(PYTHON, "-c", "import grpc, google.protobuf")) {
            return PYTHON + " cannot import grpc: it is in Debian's package python3-grpcio";
        }
        if (!Commands.succeeds("protoc", "--version")) {
            return "there is no protoc: it is in Debian's package protobuf-compiler";
        }
        if (!Commands.succeeds("which", "grpc_python_plugin")) {
            return "there is no grpc_python_plugin: it is in Debian's package"
                    + " protobuf-compiler-grpc";
        }
        return "";
    }

    /** Starts one that reads a file. What it complains of is seen in the test's own output. */
    Process start(String program, Path input, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(PYTHON));
        command.add(FOLDER.resolve(program).toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PYTHONPATH", stubs.toString());
        builder.redirectInput(input.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        return builder.start();
    }

    /** Runs one to its end, which must be a good one; returns the lines that it prints. */
    List<String> run(String program, String... arguments) throws Exception {
        Process process = start(program, Path.of("/dev/null"), arguments);
        try (BufferedReader said = process.inputReader()) {
            List<String> lines = said.lines().toList();
            awaitGoodEnd(process);
            return lines;
        }
    }

    /** Waits for the end of one, which must be a good one. */
    static void awaitGoodEnd(Process process) throws Exception {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        assertEquals(0, process.waitFor());
    }

    /** Writes lines to a new file. */
    static Path file(Path file, List<String> lines) throws IOException {
        return Files.write(file, lines);
    }
}
