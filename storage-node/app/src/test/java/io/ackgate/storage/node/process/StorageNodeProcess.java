package io.ackgate.storage.node.process;

import io.ackgate.replication.client.NodeAddress;
import io.ackgate.storage.api.NodeId;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A storage node as a user starts it: the packaged application in a process of its own. */
public final class StorageNodeProcess implements AutoCloseable {
    private static final Pattern LISTENS = Pattern.compile("listens on \\S+:(\\d+)");

    /** Whether this build, one with {@code -Dnative}, makes an executable and no jar. */
    private static final boolean NATIVE = Boolean.getBoolean("test.native");

    private final NodeId node;
    private final Process process;
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final StringBuilder log = new StringBuilder();
    private final Thread reader;

    private StorageNodeProcess(NodeId node, Process process) {
        this.node = node;
        this.process = process;
        this.reader = Thread.ofPlatform().daemon().name("log of " + node).start(this::readLog);
    }

    /**
     * Starts a node and waits until it listens.
     *
     * @param port 0 for any that is free
     * @param settings further settings, as {@code name=value}
     */
    public static StorageNodeProcess start(NodeId node, Path dataDir, int port, String... settings)
            throws Exception {
        StorageNodeProcess started = launch(node, dataDir, port, settings);
        started.port();
        return started;
    }

    /** Starts a node and does not wait. */
    public static StorageNodeProcess launch(NodeId node, Path dataDir, int port, String... settings)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add((NATIVE ? executable() : java()).toString());
        command.add("-Xmx512m");
        command.add("-Dackgate.node.id=" + node.value());
        command.add("-Dackgate.node.data-dir=" + dataDir);
        command.add("-Dackgate.listen-port=" + port);
        command.add("-Dquarkus.http.port=0");
        for (String setting : settings) {
            command.add("-D" + setting);
        }
        if (!NATIVE) {
            command.add("-jar");
            command.add(jar().toString());
        }
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .directory(new File("target"))
                        .start();
        return new StorageNodeProcess(node, process);
    }

    private static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    private static Path executable() throws IOException {
        try (DirectoryStream<Path> runners =
                Files.newDirectoryStream(Path.of("target"), "*-runner")) {
            for (Path runner : runners) {
                return runner.toAbsolutePath();
            }
        }
        throw missing("*-runner");
    }

    private static Path jar() {
        Path jar = Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();
        if (!Files.exists(jar)) {
            throw missing("quarkus-app/quarkus-run.jar");
        }
        return jar;
    }

    private static IllegalStateException missing(String what) {
        return new IllegalStateException(
                "target/" + what + " is missing: package the application first");
    }

    private void readLog() {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = lines.readLine()) != null) {
                synchronized (log) {
                    log.append(line).append('\n');
                }
                Matcher listens = LISTENS.matcher(line);
                if (listens.find()) {
                    port.complete(Integer.parseInt(listens.group(1)));
                }
            }
        } catch (IOException e) {
            port.completeExceptionally(e);
        }
        port.completeExceptionally(new IllegalStateException(node + " ended:\n" + log()));
    }

    public int port() throws Exception {
        return port.get(60, TimeUnit.SECONDS);
    }

    public NodeAddress address() throws Exception {
        return new NodeAddress("127.0.0.1", port());
    }

    public long pid() {
        return process.pid();
    }

    /** All that it has written to its standard output and error. */
    public String log() {
        synchronized (log) {
            return log.toString();
        }
    }

    /** SIGKILL; returns when the process is gone. */
    public void kill9() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM; returns the exit status. */
    public int terminate() throws Exception {
        signal("-TERM");
        return exitStatus();
    }

    public int exitStatus() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError(node + " does not end:\n" + log());
        }
        reader.join(10_000);
        return process.exitValue();
    }

    /** SIGSTOP: the process stands still, with its connections open. */
    public void stopTheWorld() throws Exception {
        signal("-STOP");
    }

    /** SIGCONT. */
    public void goOn() throws Exception {
        signal("-CONT");
    }

    private void signal(String signal) throws Exception {
        int status =
                new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                        .inheritIO()
                        .start()
                        .waitFor();
        if (status != 0) {
            throw new IllegalStateException("kill " + signal + " ended with " + status);
        }
    }

    /** CPU time that the process has used, nanoseconds. */
    public long cpuNanos() {
        return process.info().totalCpuDuration().map(java.time.Duration::toNanos).orElse(0L);
    }

    @Override
    public void close() {
        try {
            kill9();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
