package io.ackgate.gateway.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.Calls;
import io.ackgate.v1.ConsumerRecord;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGTERM under load: everybody is answered, nothing that was acknowledged is lost, and what was
 * not is not there. {@code -Ddrain.times=20} does it so many times.
 */
class DrainIT {
    private static final System.Logger LOG = System.getLogger(DrainIT.class.getName());
    private static final int TIMES = Integer.getInteger("drain.times", 1);
    private static final int STREAMS = 5;
    private static final int RECORDS_PER_SECOND = 1_000;
    private static final int READERS = 50;
    private static final int CALLERS = 4;
    private static final int SIGTERM_STATUS = 143;
    private static final Duration LONGEST = Duration.ofSeconds(15);

    /** Above the number of every record that clients of the process before have written. */
    private static final long AGAIN = 10_000_000;

    private static final String STOPPED = "UNAVAILABLE NOT_LEADER_OR_FOLLOWER ";

    @TempDir Path data;

    private final List<AckgateProcess> lives = new ArrayList<>();

    @RegisterExtension final FailedWithLogs logs = new FailedWithLogs(() -> lives);

    @AfterEach
    void end() {
        lives.forEach(AckgateProcess::close);
    }

    @Test
    @Timeout(120 + 120 * 20)
    void everybody_is_answered_and_what_was_acknowledged_is_there() throws Exception {
        List<Place> places =
                IntStream.range(0, STREAMS).mapToObj(p -> new Place("busy", p)).toList();
        Place called = new Place("called", 0);
        Place idle = new Place("idle", 0);
        AckgateProcess process = start(FreePorts.next());
        awaitReady(process);
        try (GatewayAccess gateway = new GatewayAccess(process.port())) {
            gateway.createTopic("busy", STREAMS, "fsync");
            gateway.createTopic("called", 1, "fsync");
            gateway.createTopic("idle", 1, "fsync");
        }
        Map<Place, TreeMap<Long, Long>> log = new HashMap<>();
        List<Long> writtenByCalls = new ArrayList<>();
        List<DrainTimes> times = new ArrayList<>();
        for (int time = 0; time < TIMES; time++) {
            long firstNumber = time * AGAIN * 2;
            try (DrainClients clients = new DrainClients(process.port())) {
                AckgateProcess running = process;
                clients.watchHealth();
                clients.startReaders(
                        idle,
                        READERS,
                        READERS,
                        () -> Calls.await(() -> readers(running) == 2 * READERS));
                clients.startStreams(places, RECORDS_PER_SECOND, firstNumber);
                clients.startCalls(called, CALLERS, firstNumber);
                Calls.await(
                        () ->
                                clients.streams().stream()
                                        .allMatch(s -> s.acknowledged().size() > 500));

                long told = System.nanoTime();
                process.terminate();
                Calls.await(() -> isNotReady(running));
                assertEquals(SIGTERM_STATUS, process.awaitEnd());
                long took = System.nanoTime() - told;
                assertTrue(
                        took < LONGEST.toNanos(),
                        () -> "it took %s to end".formatted(Duration.ofNanos(took)));
                process = start(process.port());
                long again = firstNumber + AGAIN;
                long firstAgain = RetriedWrite.write(process.port(), called, again);

                verifyEnds(clients);
                clients.streams()
                        .forEach(
                                s ->
                                        log.computeIfAbsent(s.place(), p -> new TreeMap<>())
                                                .putAll(s.acknowledged()));
                writtenByCalls.addAll(clients.written());
                writtenByCalls.add(again);
                times.add(DrainTimes.of(took, clients.streams(), firstAgain));
                LOG.log(System.Logger.Level.INFO, times.getLast());
            }
            awaitReady(process);
        }
        LOG.log(System.Logger.Level.INFO, DrainTimes.summary(times));
        try (GatewayAccess gateway = new GatewayAccess(process.port())) {
            for (Place place : places) {
                Map<Long, Long> read = new TreeMap<>();
                for (ConsumerRecord record : gateway.read(place)) {
                    read.put(record.getOffset(), number(record));
                }
                assertEquals(log.get(place), read, place + ": what was acknowledged, no more");
            }
            Collections.sort(writtenByCalls);
            assertEquals(
                    writtenByCalls,
                    gateway.read(called).stream().map(DrainIT::number).sorted().toList());
        }
    }

    /** Everybody met one error at most, with the code and the write status that say what to do. */
    private static void verifyEnds(DrainClients clients) {
        for (DrainedStream stream : clients.streams()) {
            assertEquals(STOPPED + "NOT_WRITTEN", DrainClients.end(stream.ended()));
            assertEquals(List.of(), stream.refusals());
        }
        assertEquals(Set.of(STOPPED + "-"), Set.copyOf(clients.subscriptions()));
        assertEquals(Set.of("OK"), Set.copyOf(clients.polls()), "there was nothing to read");
        for (String end : clients.calls()) {
            assertTrue(end.equals(STOPPED + "NOT_WRITTEN") || end.equals(SentCall.NOT_SENT), end);
        }
        assertEquals(List.of("SERVING", "NOT_SERVING"), clients.health());
    }

    private static long number(ConsumerRecord record) {
        return Long.parseLong(record.getKey().toStringUtf8());
    }

    private AckgateProcess start(int port) {
        AckgateProcess started = AckgateProcess.gateway(data, port, "ackgate.shutdown.delay=500ms");
        lives.add(started);
        return started;
    }

    private static void awaitReady(AckgateProcess process) {
        process.port();
        Calls.await(() -> !isNotReady(process));
    }

    private static boolean isNotReady(AckgateProcess process) {
        return get(process, "/q/health/ready").statusCode() == 503;
    }

    private static int readers(AckgateProcess process) {
        return get(process, "/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("ackgate_waiting_reads"))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static HttpResponse<String> get(AckgateProcess process, String path) {
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return http.send(
                    HttpRequest.newBuilder(
                                    URI.create(
                                            "http://127.0.0.1:%d%s"
                                                    .formatted(process.port(), path)))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("%s is not answered".formatted(path), e);
        }
    }
}
