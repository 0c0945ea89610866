package io.ackgate.gateway.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ackgate.gateway.Calls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * All three nodes may open no further file, as happens with a common {@code ulimit}. They refuse
 * what they cannot do; no log is emptied or condemned, and all goes on once they may again.
 */
@Timeout(240)
class OutOfDescriptorsIT {
    private static final Set<Integer> ALL = Set.copyOf(SeparateProcesses.NODES);
    private static final Duration PACE = Duration.ofMillis(30);
    private static final String SAID = "Too many open files";

    private final SeparateProcesses cluster;

    @RegisterExtension final FailedWithLogs logs;

    OutOfDescriptorsIT(@TempDir Path data) {
        cluster = new SeparateProcesses(data, "ackgate.node.journal.checkpoint-interval=1s");
        logs = new FailedWithLogs(cluster::all);
    }

    @AfterEach
    void end() {
        cluster.close();
    }

    @Test
    void nothing_is_given_up_while_no_file_can_be_opened(TestReporter reporter) throws Exception {
        assumeTrue(
                OpenFiles.canBeLimited(),
                "NOT RUN: there is no prlimit to take file descriptors away with");
        cluster.start();
        List<Place> places = Topics.create(cluster.gateway(), Map.of("segment.bytes", "65536"));
        try (NumberedLoad load = new NumberedLoad(cluster.gateway(), places, PACE)) {
            load.awaitMore(300);
            Map<Integer, List<Path>> before = logDirectories();
            List<OpenFiles> limited =
                    ALL.stream().map(node -> OpenFiles.noMoreOf(cluster.node(node).pid())).toList();
            Calls.await(() -> ALL.stream().allMatch(node -> said(node) > 5));
            // A node does not log each try to end a segment, to write a checkpoint (one a second)
            // or to look for what is lost. Nothing can be awaited: this is time enough for each.
            long enough = System.nanoTime() + Duration.ofSeconds(3).toNanos();
            Calls.await(() -> System.nanoTime() - enough > 0);
            limited.forEach(OpenFiles::allow);

            awaitIsr(places);
            load.awaitMore(100);
            load.finish();
            reporter.publishEntry("no descriptors", load.toString());
            assertEquals(before, logDirectories(), "each log is the one that it was");

            cluster.killNodes(SeparateProcesses.NODES);
            cluster.startNodes(SeparateProcesses.NODES);
            awaitIsr(places);
            load.verify(cluster.gateway());
            assertEquals(before, logDirectories(), "each log is the one that it was");
            ALL.forEach(node -> assertTrue(cluster.node(node).runs()));
        }
    }

    private long said(int node) {
        return cluster.node(node).log().lines().filter(line -> line.contains(SAID)).count();
    }

    /** A log that is made anew has another directory. */
    private Map<Integer, List<Path>> logDirectories() {
        Map<Integer, List<Path>> all = new TreeMap<>();
        ALL.forEach(node -> all.put(node, new NodeFiles(cluster.dataOf(node)).logs()));
        return all;
    }

    private void awaitIsr(List<Place> places) {
        places.stream()
                .map(Place::topic)
                .distinct()
                .forEach(topic -> cluster.gateway().awaitIsr(topic, ALL));
    }
}
