package io.ackgate.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ackgate.client.producer.FakeConsumption;
import io.ackgate.client.producer.FakeGateway;
import io.ackgate.client.producer.FakeGateway.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** produce, consume and perf as they are typed, against a gateway on a socket. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RecordCommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path EARTHQUAKES =
            Path.of(
                    System.getProperty("repository.root", "../.."),
                    "client/examples/earthquakes.jsonl");

    private final FakeGateway gateway = new FakeGateway().topic("quakes", 6).topic("t", 1);
    private final FakeConsumption consumption = new FakeConsumption(gateway, 100);

    @TempDir private Path folder;

    @BeforeEach
    void start() {
        gateway.with(consumption).startOnSocket();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private CommandRun run(String... args) {
        List<String> line = new ArrayList<>(List.of(args));
        line.add("--bootstrap");
        line.add(gateway.address());
        return CommandRun.of(line.toArray(String[]::new));
    }

    private String fileOf(String... lines) throws IOException {
        return Files.write(folder.resolve("lines"), List.of(lines)).toString();
    }

    private Stream<String> everything() {
        return IntStream.range(0, 6).boxed().flatMap(p -> gateway.values("quakes", p).stream());
    }

    @Test
    void all_earthquakes_sent_twice_are_there_once_and_by_network() throws IOException {
        CommandRun run =
                run(
                        "produce",
                        "quakes",
                        "--file",
                        EARTHQUAKES.toString(),
                        "--key-pointer",
                        "/properties/net",
                        "--batch-size",
                        "16384",
                        "--repeat-each",
                        "-o",
                        "json");
        assertEquals(0, run.status(), run::err);
        JsonNode report = JSON.readTree(run.out());
        assertEquals(1_707, report.path("acknowledged").asInt());
        assertEquals(0, report.path("failed").asInt());
        int batches = report.path("repeated").path("batches").asInt();
        assertTrue(batches > 20, run::out);
        assertEquals(batches, report.path("repeated").path("answeredAsDuplicates").asInt());
        assertEquals(
                Files.readAllLines(EARTHQUAKES).stream().sorted().toList(),
                everything().sorted().toList());
        assertEquals(batches, gateway.duplicates);
        for (int p = 0; p < 6; p++) {
            assertInOrderOfTheFile(gateway.values("quakes", p));
        }
    }

    private static void assertInOrderOfTheFile(List<String> values) throws IOException {
        List<String> file = Files.readAllLines(EARTHQUAKES);
        int at = 0;
        for (String value : values) {
            while (!file.get(at).equals(value)) {
                at++;
            }
            at++;
        }
    }

    @Test
    void without_idempotence_a_repetition_is_written_again() throws IOException {
        CommandRun run =
                run("produce", "t", "--file", fileOf("a"), "--no-idempotent", "--repeat-each");
        assertEquals(0, run.status(), run::err);
        assertTrue(
                run.out()
                        .contains(
                                "1 batches sent twice: 0 answered as duplicates, 1 written again"),
                run::out);
        assertEquals(List.of("a", "a"), gateway.values("t", 0));
    }

    @Test
    void following_a_group_lives_through_commits_that_fail() throws Exception {
        run("produce", "t", "--file", fileOf("a", "b"));
        consumption.refuseCommits(true);
        CompletableFuture<CommandRun> following =
                CompletableFuture.supplyAsync(
                        () ->
                                run(
                                        "consume",
                                        "t",
                                        "-f",
                                        "-n",
                                        "3",
                                        "--group",
                                        "g",
                                        "--timeout",
                                        "300ms"));
        while (consumption.refusedCommits < 10) {
            assertFalse(following.isDone(), () -> following.join().err());
            Thread.onSpinWait();
        }
        consumption.refuseCommits(false);
        run("produce", "t", "--file", fileOf("c"));
        consumption.pushAll();
        CommandRun run = following.get();
        assertEquals(0, run.status(), run::err);
        assertEquals("a\nb\nc\n", run.out());
        assertEquals(Map.of(0, 3L), consumption.committed("g"));
        assertTrue(run.err().contains("group 'g' is not committed for now"), run::err);
    }

    @Test
    void a_report_for_people() throws IOException {
        CommandRun run = run("produce", "t", "--file", fileOf("a", "", "c"), "--acks", "1", "-v");
        assertEquals(0, run.status(), run::err);
        List<String> lines = run.out().lines().toList();
        assertEquals(List.of("t-0@0 -", "t-0@1 -", "t-0@2 -"), lines.subList(0, 3));
        assertEquals("PARTITION  RECORDS  FIRST OFFSET  LAST OFFSET", lines.get(3));
        assertEquals("        0        3             0            2", lines.get(4));
        assertTrue(lines.get(5).startsWith("3 of 3 records acknowledged at acks=1 in"), run::out);
        assertEquals(List.of("a", "", "c"), gateway.values("t", 0));
    }

    @Test
    void acks_0_has_no_offsets_to_tell() throws IOException {
        CommandRun run = run("produce", "t", "--file", fileOf("a"), "--acks", "0");
        assertEquals(0, run.status(), run::err);
        assertEquals(
                "        0        1             -            -", run.out().lines().toList().get(1));
    }

    @Test
    void what_was_not_acknowledged_is_told_with_kafkas_name_and_status_1() throws IOException {
        gateway.always(() -> Fault.NOT_ENOUGH_REPLICAS);
        CommandRun run =
                run("produce", "t", "--file", fileOf("a", "b"), "--delivery-timeout", "300ms");
        assertEquals(1, run.status());
        assertEquals(1, run.err().lines().count(), run::err);
        assertTrue(
                run.err()
                        .startsWith(
                                "ackgate: 2 records failed: NOT_ENOUGH_REPLICAS (not written):"
                                        + " delivery.timeout.ms=300 ran out"),
                run::err);
        assertTrue(run.out().contains("0 of 2 records acknowledged"), run::out);
    }

    @Test
    void a_line_that_is_no_json_is_named() throws IOException {
        CommandRun run =
                run("produce", "t", "--file", fileOf("{\"k\":1}", "oops"), "--key-pointer", "/k");
        assertEquals(1, run.status());
        assertTrue(run.err().startsWith("ackgate: line 2 is not JSON: "), run::err);
        assertTrue(run.out().contains("1 of 1 records acknowledged"), run::out);
    }

    @Test
    void what_may_have_been_written_has_a_status_of_its_own() throws IOException {
        gateway.always(() -> Fault.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
        CommandRun run = run("produce", "t", "--file", fileOf("a"), "--delivery-timeout", "300ms");
        assertEquals(3, run.status(), run::err);
        assertTrue(run.err().contains("(may have been written)"), run::err);
    }

    @Test
    void without_a_gateway_the_status_says_so() {
        assertEquals(
                4,
                CommandRun.of(
                                "consume",
                                "t",
                                "--bootstrap-server",
                                "127.0.0.1:1",
                                "--timeout",
                                "1s")
                        .status());
        assertEquals(4, CommandRun.of("topic", "list", "--bootstrap", "127.0.0.1:1").status());
    }

    @Test
    void a_document_a_line_has_its_own_key() {
        CommandRun run = run("produce", "t", "--json", "--key", "k");
        assertEquals(2, run.status());
        assertTrue(run.err().contains("leave out --key"), run::err);
    }

    @Test
    void completion_for_a_shell() {
        CommandRun run = CommandRun.of("generate-completion");
        assertEquals(0, run.status(), run::err);
        assertTrue(run.out().contains("_complete_ackgate"), run::out);
    }

    @Test
    void an_unknown_topic_is_told_at_once() throws IOException {
        CommandRun run = run("produce", "nowhere", "--file", fileOf("a"));
        assertEquals(1, run.status());
        assertEquals(
                "ackgate: UNKNOWN_TOPIC_OR_PARTITION: there is no topic 'nowhere'\n", run.err());
    }

    @Test
    void the_last_records_of_each_partition_with_what_is_asked_for_of_them() throws IOException {
        run("produce", "t", "--file", fileOf("a", "b", "c", "d"));
        assertEquals("c\nd\n", run("consume", "t", "--from", "-2").out());
        assertEquals("a\nb\nc\nd\n", run("consume", "t", "--from", "-5").out());
        assertEquals(
                "0\t3\tnull\t\td\n",
                run("consume", "t", "--from", "-1", "--show", "partition,offset,key,headers")
                        .out());
    }

    @Test
    void documents_go_back_to_the_partitions_they_name() throws IOException {
        for (String p : List.of("4", "1")) {
            run("produce", "quakes", "--file", fileOf("in " + p), "--partition", p);
        }
        byte[] documents = run("consume", "quakes", "-o", "json").bytes();
        String file = Files.write(folder.resolve("documents"), documents).toString();
        CommandRun run = run("produce", "quakes", "--json", "--keep-partitions", "--file", file);
        assertEquals(0, run.status(), run::err);
        assertEquals(List.of("in 4", "in 4"), gateway.values("quakes", 4));
        assertEquals(List.of("in 1", "in 1"), gateway.values("quakes", 1));
    }

    @Test
    void batches_are_compressed_when_asked_for() throws IOException {
        CommandRun run =
                run("produce", "t", "--file", EARTHQUAKES.toString(), "--compression", "gzip");
        assertEquals(0, run.status(), run::err);
        assertEquals(Files.readAllLines(EARTHQUAKES), gateway.values("t", 0));
        long sent = gateway.requests.stream().mapToLong(r -> r.getRecordBatch().size()).sum();
        assertTrue(sent < Files.size(EARTHQUAKES) / 2, () -> sent + " bytes");
    }

    @Test
    void consume_prints_values_or_documents() throws IOException {
        run("produce", "t", "--file", fileOf("a", "é", "c"));
        assertEquals("a\né\nc\n", run("consume", "t").out());
        assertEquals("é\n", run("consume", "t", "--from", "1", "--max", "1").out());
        JsonNode record =
                JSON.readTree(run("consume", "t", "--from", "1", "--max", "1", "-o", "json").out());
        assertEquals(0, record.path("partition").asInt());
        assertEquals(1, record.path("offset").asInt());
        assertTrue(record.path("key").isNull());
        assertEquals("é", record.path("value").asText());
        assertEquals("", run("consume", "t", "--from", "latest").out());
    }

    @Test
    void a_group_reads_on_where_it_was() throws IOException {
        run("produce", "t", "--file", fileOf("a", "b", "c"));
        assertEquals("a\nb\n", run("consume", "t", "--group", "g", "--max", "2").out());
        assertEquals(Map.of(0, 2L), consumption.committed("g"));
        assertEquals("c\n", run("consume", "t", "--group", "g").out());
        assertEquals("", run("consume", "t", "--group", "g").out());
    }

    @Test
    void perf_measures_what_it_sent() throws IOException {
        try (FakeAdmin admin = new FakeAdmin()) {
            admin.answers("POST /admin/v1/topics", 201, "{}");
            CommandRun run =
                    run(
                            "perf",
                            "--admin",
                            admin.address(),
                            "--topic",
                            "t",
                            "--records",
                            "500",
                            "--record-size",
                            "100",
                            "--rate",
                            "5000",
                            "--warmup",
                            "100ms",
                            "--repeat",
                            "2",
                            "--payload-file",
                            EARTHQUAKES.toString(),
                            "-o",
                            "json");
            assertEquals(0, run.status(), run::err);
            JsonNode runs = JSON.readTree(run.out()).path("runs");
            assertEquals(2, runs.size());
            for (JsonNode one : runs) {
                assertEquals(500, one.path("records").asInt());
                assertEquals(1_000, one.path("recordsSent").asInt(), "the warm-up is sent as well");
                double perSecond = one.path("recordsPerSecond").asDouble();
                assertTrue(perSecond > 100 && perSecond < 6_000, run::out);
                assertTrue(one.path("latencyMs").path("p99").asDouble() > 0, run::out);
            }
        }
        assertTrue(gateway.values("t", 0).size() >= 1_000);
        assertEquals(100, gateway.values("t", 0).get(0).length());
    }
}
