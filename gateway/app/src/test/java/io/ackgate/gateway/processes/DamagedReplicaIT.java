package io.ackgate.gateway.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.Calls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * One of three nodes whose files come to harm under load: bits turn over, files are lost, mixed up
 * or of yesterday. No acknowledged record is lost, and the node has all of them again at the end.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamagedReplicaIT {
    private static final Set<Integer> ALL = Set.copyOf(SeparateProcesses.NODES);
    private static final int HARMED = 2;
    private static final List<Integer> OTHERS = List.of(1, 3);
    private static final Duration PACE = Duration.ofMillis(30);

    /** All that was ever written is copied again and again. */
    private static final Duration SLOWLY = Duration.ofMillis(200);

    /** Many segments; a checkpoint is made every second. */
    private static final Map<String, String> SEGMENTS = Map.of("segment.bytes", "65536");

    private final SeparateProcesses cluster;
    private final NodeFiles files;
    private Set<String> partitionsBefore = Set.of();

    @RegisterExtension final FailedWithLogs logs;

    DamagedReplicaIT(@TempDir Path data) {
        cluster =
                new SeparateProcesses(
                        data,
                        "ackgate.node.journal.checkpoint-interval=1s",
                        "ackgate.node.journal.file-size=4M",
                        "ackgate.node.max-frame-size=1M");
        files = new NodeFiles(cluster.dataOf(HARMED));
        logs = new FailedWithLogs(cluster::all);
    }

    @BeforeEach
    void start_what_does_not_run() {
        cluster.start();
        partitionsBefore =
                files.logs().stream().map(NodeFiles::partition).collect(Collectors.toSet());
    }

    @AfterAll
    void end() {
        cluster.close();
    }

    /** What is done to the files of the node. */
    private record Harm(String name, Consumer<NodeFiles> deed) {}

    /** Files of a log that its segments could tell as well. */
    private static final List<String> DERIVED = List.of(".index", ".timeindex", ".producers");

    /** Partitions of one load. */
    private static final int LOGS = 6;

    private static Path closed(Path log) {
        return NodeFiles.segments(log).getFirst();
    }

    @Test
    void files_of_logs_are_damaged_lost_or_mixed_up_while_the_node_is_down(TestReporter reporter)
            throws Exception {
        List<Place> places = Topics.create(cluster.gateway(), SEGMENTS);
        try (NumberedLoad load = new NumberedLoad(cluster.gateway(), places, PACE)) {
            awaitSegments();
            kill(places);
            List<Path> logs = logsOfTheLoad();
            flipBits(logs);
            lose(logs.get(2));
            NodeFiles.cutLastByte(closed(logs.get(3)));
            NodeFiles.swap(closed(logs.get(4)), closed(logs.get(5)));
            Map<Path, byte[]> harmed = closed(List.of(0, 3, 4, 5), logs);
            cluster.startNode(HARMED);
            awaitIsr(places, ALL);
            load.awaitMore(50);
            readFromTheHarmedNode(places, load, reporter);
            assertHealed(harmed);
        }
    }

    @Test
    void one_bit_of_a_file_of_a_log_under_the_running_node(TestReporter reporter) throws Exception {
        List<Place> places = Topics.create(cluster.gateway(), SEGMENTS);
        try (NumberedLoad load = new NumberedLoad(cluster.gateway(), places, PACE)) {
            awaitSegments();
            List<Path> logs = logsOfTheLoad();
            flipBits(logs);
            Map<Path, byte[]> harmed = closed(List.of(0), logs);
            NodeFiles.flipBit(files.checkpoint());
            files.flipBitOfTheJournal();
            load.awaitMore(200);
            readFromTheHarmedNode(places, load, reporter);
            assertHealed(harmed);
        }
    }

    @Test
    void a_file_of_the_node_is_damaged_lost_or_of_yesterday(TestReporter reporter)
            throws Exception {
        List<Place> places = Topics.create(cluster.gateway(), SEGMENTS);
        try (NumberedLoad load = new NumberedLoad(cluster.gateway(), places, SLOWLY)) {
            awaitSegments();
            byte[] yesterday = NodeFiles.read(files.checkpoint());
            List<Harm> harms =
                    List.of(
                            new Harm("one bit of the journal", NodeFiles::flipBitOfTheJournal),
                            new Harm(
                                    "one bit of the checkpoint",
                                    node -> NodeFiles.flipBit(node.checkpoint())),
                            new Harm(
                                    "one bit of the node's number",
                                    node -> flipBitAfter("node=", node.cookie())),
                            new Harm(
                                    "one bit of the directory's id",
                                    node -> flipBitAfter("directory=", node.cookie())),
                            new Harm(
                                    "the checkpoint is lost",
                                    node -> NodeFiles.delete(node.checkpoint())),
                            new Harm(
                                    "a journal file is lost",
                                    node -> NodeFiles.delete(node.lastJournal())),
                            new Harm(
                                    "the journal ends early",
                                    node -> NodeFiles.cut(node.lastJournal(), 4_096)),
                            new Harm(
                                    "a checkpoint of yesterday",
                                    node -> NodeFiles.write(node.checkpoint(), yesterday)));
            for (Harm harm : harms) {
                kill(places);
                harm.deed().accept(files);
                String said = startHarmed();
                awaitIsr(places, ALL);
                reporter.publishEntry(harm.name(), said);
                load.awaitMore(50);
            }
            readFromTheHarmedNode(places, load, reporter);
        }
    }

    @Test
    void the_data_directory_is_deleted_under_the_running_node(TestReporter reporter)
            throws Exception {
        List<Place> places = Topics.create(cluster.gateway(), SEGMENTS);
        try (NumberedLoad load = new NumberedLoad(cluster.gateway(), places, PACE)) {
            awaitSegments();
            files.empty();
            AckgateProcess deleted = cluster.node(HARMED);
            assertEquals(1, deleted.awaitEnd());
            assertTrue(deleted.log().contains("the data directory was deleted"), deleted::log);
            reporter.publishEntry("the next start", startHarmed());
            awaitIsr(places, ALL);
            readFromTheHarmedNode(places, load, reporter);
        }
    }

    private static void flipBitAfter(String word, Path file) {
        String text = new String(NodeFiles.read(file), StandardCharsets.US_ASCII);
        NodeFiles.flipBit(file, text.indexOf(word) + (long) word.length());
    }

    /** Starts the node; if it refuses, does what it says. */
    private String startHarmed() {
        AckgateProcess started = cluster.launchNode(HARMED);
        if (started.listens()) {
            return told(started);
        }
        assertEquals(1, started.awaitEnd(), started::log);
        assertTrue(started.log().contains("data directory"), started::log);
        files.empty();
        cluster.startNode(HARMED);
        return told(started);
    }

    /** What it found and did not like. */
    private static String told(AckgateProcess process) {
        return process.log()
                .lines()
                .filter(line -> line.contains("recovery: ") || line.contains("cannot start"))
                .collect(Collectors.joining("\n", "it said: ", ""));
    }

    private void kill(List<Place> places) {
        cluster.killNode(HARMED);
        awaitIsr(places, Set.copyOf(OTHERS));
    }

    /** Waits until the logs of the load have closed segments, their indexes and snapshots. */
    private void awaitSegments() {
        Calls.await(
                () -> {
                    List<Path> written = logsOfTheLoad();
                    return written.size() == LOGS
                            && written.stream().allMatch(DamagedReplicaIT::hasAllKinds);
                });
    }

    private static boolean hasAllKinds(Path log) {
        return NodeFiles.list(log, ".timeindex").size() > 1
                && !NodeFiles.list(log, ".producers").isEmpty();
    }

    /** The load of each test has topics of its own. */
    private List<Path> logsOfTheLoad() {
        return files.logs().stream()
                .filter(log -> !partitionsBefore.contains(NodeFiles.partition(log)))
                .toList();
    }

    /** Turns over one bit of every kind of file that a log has. */
    private static void flipBits(List<Path> logs) {
        NodeFiles.flipBit(closed(logs.get(0)));
        Path other = logs.get(1);
        NodeFiles.flipBit(NodeFiles.segments(other).getLast());
        for (String kind : DERIVED) {
            NodeFiles.list(other, kind).forEach(NodeFiles::flipBit);
        }
    }

    /** Deletes what can be derived from the segments. */
    private static void lose(Path log) {
        for (String kind : DERIVED) {
            NodeFiles.list(log, kind).forEach(NodeFiles::delete);
        }
    }

    /** What the closed segments hold that were harmed. */
    private static Map<Path, byte[]> closed(List<Integer> which, List<Path> logs) {
        return which.stream()
                .map(i -> closed(logs.get(i)))
                .collect(Collectors.toMap(segment -> segment, NodeFiles::read));
    }

    /** A log is made anew in a new directory, or its segment is written again from the journal. */
    private static void assertHealed(Map<Path, byte[]> harmed) {
        harmed.forEach(
                (segment, bytes) ->
                        assertFalse(
                                Files.exists(segment)
                                        && Arrays.equals(NodeFiles.read(segment), bytes),
                                segment + " is as it was harmed"));
    }

    /**
     * Lets the harmed node lead everything while the others are there to heal it from, and reads;
     * then reads from the harmed node alone.
     */
    private void readFromTheHarmedNode(
            List<Place> places, NumberedLoad load, TestReporter reporter) {
        cluster.killNodes(OTHERS);
        awaitIsr(places, Set.of(HARMED));
        cluster.startNodes(OTHERS);
        awaitIsr(places, ALL);
        load.finish();
        reporter.publishEntry("load", load.toString());
        awaitIsr(places, ALL);
        cluster.killNodes(OTHERS);
        awaitIsr(places, Set.of(HARMED));
        load.verify(cluster.gateway());
    }

    private void awaitIsr(List<Place> places, Set<Integer> nodes) {
        places.stream()
                .map(Place::topic)
                .distinct()
                .forEach(topic -> cluster.gateway().awaitIsr(topic, nodes));
    }
}
