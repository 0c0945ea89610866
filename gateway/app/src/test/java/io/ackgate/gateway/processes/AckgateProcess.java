package io.ackgate.gateway.processes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One of the packaged applications, as a user starts it. */
final class AckgateProcess implements AutoCloseable {
    private static final Pattern GATEWAY_LISTENS =
            Pattern.compile("Listening on: http://\\S+:(\\d+)");
    private static final Pattern NODE_LISTENS = Pattern.compile("listens on \\S+:(\\d+)");
    private static final int PATIENCE_SECONDS = 60;
    private static final int LAST_LINES = 12;

    /** The heap of a process of which nothing else is asked. */
    static final String HEAP = "512m";

    private final String name;
    private final Process process;
    private final Pattern listens;
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final StringBuilder log = new StringBuilder();
    private final Thread reader;

    private AckgateProcess(String name, Process process, Pattern listens) {
        this.name = name;
        this.process = process;
        this.listens = listens;
        this.reader = Thread.ofPlatform().daemon().name("log of " + name).start(this::readLog);
    }

    /**
     * Starts a gateway and does not wait.
     *
     * @param port 0 for any that is free; {@link FreePorts} has those that stay free while it does
     *     not run
     * @param settings further settings, as {@code name=value}
     */
    static AckgateProcess gateway(Path dataDir, int port, String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("ackgate.data.dir=" + dataDir);
        all.add("ackgate.listen-port=" + port);
        return launch("gateway", "gateway/app", GATEWAY_LISTENS, HEAP, all, Map.of());
    }

    /**
     * Starts a storage node and does not wait; see {@link #gateway}.
     *
     * @param heap the most that it may be, as {@code 512m}
     */
    static AckgateProcess storageNode(
            int id,
            Path dataDir,
            int port,
            String heap,
            List<String> settings,
            Map<String, String> environment) {
        List<String> all = new ArrayList<>(settings);
        all.add("ackgate.node.id=" + id);
        all.add("ackgate.node.data-dir=" + dataDir);
        all.add("ackgate.listen-port=" + port);
        all.add("quarkus.http.port=0");
        return launch("node-" + id, "storage-node/app", NODE_LISTENS, heap, all, environment);
    }

    private static AckgateProcess launch(
            String name,
            String module,
            Pattern listens,
            String heap,
            List<String> settings,
            Map<String, String> environment) {
        List<String> command = PackagedApplication.of(module).command(heap, settings);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            return new AckgateProcess(name, builder.start(), listens);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
                Matcher listening = listens.matcher(line);
                if (listening.find()) {
                    port.complete(Integer.parseInt(listening.group(1)));
                }
            }
        } catch (IOException e) {
            port.completeExceptionally(e);
        }
        port.completeExceptionally(
                new IllegalStateException(name + " has ended; it said last: " + lastLines()));
    }

    private String lastLines() {
        synchronized (log) {
            List<String> lines = log.toString().lines().toList();
            return String.join(
                    " | ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        }
    }

    /** The port it listens on; waits until it does. */
    int port() {
        return port.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    /** Whether it listens; waits until it does or has ended. */
    boolean listens() {
        return port.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .handle((number, why) -> number != null)
                .join();
    }

    /** SIGKILL; returns when the process is gone. */
    void kill9() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGKILL; does not wait. */
    void strike() {
        process.destroyForcibly();
    }

    /** SIGTERM; does not wait. */
    void terminate() {
        // The process's own method closes its output as well, and what it says last is lost.
        process.toHandle().destroy();
    }

    /** Waits until it has ended and all that it said is in its log; returns the exit status. */
    int awaitEnd() {
        process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        try {
            reader.join(Duration.ofSeconds(PATIENCE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return process.exitValue();
    }

    long pid() {
        return process.pid();
    }

    boolean runs() {
        return process.isAlive();
    }

    /** Memory of the machine that it has now, in MiB. */
    int residentMebibytes() {
        return mebibytes("VmRSS:");
    }

    /** The most memory of the machine that it has had, in MiB. */
    int mostResidentMebibytes() {
        return mebibytes("VmHWM:");
    }

    private int mebibytes(String field) {
        try (Stream<String> status = Files.lines(Path.of("/proc/" + pid() + "/status"))) {
            return status.filter(line -> line.startsWith(field))
                    .map(line -> line.replaceAll("[^0-9]", ""))
                    .mapToInt(kibibytes -> Integer.parseInt(kibibytes) >> 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that it has written to its standard output and error. */
    String log() {
        synchronized (log) {
            return "--- " + name + "\n" + log;
        }
    }

    @Override
    public void close() {
        kill9();
    }
}
