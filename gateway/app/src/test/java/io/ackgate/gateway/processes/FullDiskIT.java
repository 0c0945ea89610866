package io.ackgate.gateway.processes;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.ackgate.gateway.Calls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disks of all three nodes are full, and the nodes are killed and started on them: they serve
 * reads, refuse appends, and go on once there is space. In another language than English where the
 * machine has one, since what the system says of a full disk is translated.
 */
@Timeout(240)
class FullDiskIT {
    private static final Set<Integer> ALL = Set.copyOf(SeparateProcesses.NODES);
    private static final Duration PACE = Duration.ofMillis(200);
    private static final int MEBIBYTES = 48;
    private static final String OLD = "old";

    /** About 2.5 KiB each. */
    private static final int OLD_BATCHES = 500;

    private static final int BATCHES_UNDER_WAY = 30;

    private final List<SmallDisk> disks = new ArrayList<>();
    private final SeparateProcesses cluster;

    @RegisterExtension final FailedWithLogs logs;

    FullDiskIT(@TempDir Path data) {
        cluster =
                new SeparateProcesses(
                        data,
                        "ackgate.node.journal.checkpoint-interval=1s",
                        "ackgate.node.journal.file-size=4M",
                        "ackgate.node.journal.kept-files=2",
                        "ackgate.node.max-frame-size=1M");
        logs = new FailedWithLogs(cluster::all);
    }

    @AfterEach
    void end() {
        cluster.close();
        disks.forEach(SmallDisk::close);
    }

    @Test
    void nodes_on_full_disks_start_and_serve_and_go_on_once_there_is_space(TestReporter reporter)
            throws Exception {
        for (int node : SeparateProcesses.NODES) {
            SmallDisk disk = SmallDisk.mount(cluster.dataOf(node), MEBIBYTES);
            if (disk == null) {
                abort("NOT RUN: mounting a small disk needs root");
            } else {
                disks.add(disk);
            }
        }
        String language = Languages.notEnglish();
        cluster.environment(Map.of("LC_ALL", language));
        reporter.publishEntry("language", language);
        cluster.start();
        Place old = oldTopic();
        List<Place> places = Topics.create(cluster.gateway(), Map.of("segment.bytes", "65536"));
        try (NumberedLoad load = new NumberedLoad(cluster.gateway(), places, PACE)) {
            load.awaitMore(100);
            disks.forEach(SmallDisk::fill);
            awaitRefusal(load);

            cluster.killNodes(SeparateProcesses.NODES);
            emptyLocks();
            disks.forEach(SmallDisk::fill);
            cluster.startNodes(SeparateProcesses.NODES);
            // What a start has freed for itself is soon full again.
            disks.forEach(SmallDisk::fill);
            awaitRefusal(load);
            assertTrue(
                    cluster.gateway().read(old).size() >= OLD_BATCHES * Batch.RECORDS,
                    "a full disk is read");

            Map<Integer, Long> logs = countLogs();
            cluster.gateway().deleteTopic(OLD);
            // A full disk does not stand in the way of what makes room.
            Calls.await(
                    () ->
                            ALL.stream()
                                    .allMatch(
                                            node -> countLogs(node) < logs.getOrDefault(node, 0L)));

            disks.forEach(SmallDisk::free);
            awaitIsr(places);
            load.awaitMore(100);
            load.finish();
            reporter.publishEntry("full disks", load.toString());
            ALL.forEach(node -> assertTrue(cluster.node(node).runs()));
        }
    }

    /** As a kill may leave them: a start has to do without the space of even these files. */
    private void emptyLocks() throws IOException {
        for (int node : SeparateProcesses.NODES) {
            Files.write(cluster.dataOf(node).resolve("lock"), new byte[0]);
        }
    }

    private Map<Integer, Long> countLogs() {
        return ALL.stream().collect(Collectors.toMap(node -> node, this::countLogs));
    }

    private long countLogs(int node) {
        return new NodeFiles(cluster.dataOf(node)).logs().size();
    }

    /** A topic whose deletion frees something. */
    private Place oldTopic() throws Exception {
        cluster.gateway().createTopic(OLD, 1, "fsync");
        Place place = new Place(OLD, 0);
        try (NumberedLoad load = new NumberedLoad(cluster.gateway(), List.of(place))) {
            load.awaitMore(OLD_BATCHES);
            load.finish();
        }
        return place;
    }

    /** Waits until something is refused that was sent after now. */
    private static void awaitRefusal(NumberedLoad load) {
        long before = refused(load);
        Calls.await(() -> refused(load) > before + BATCHES_UNDER_WAY);
    }

    private static long refused(NumberedLoad load) {
        return load.refusals().values().stream().mapToLong(Integer::longValue).sum();
    }

    private void awaitIsr(List<Place> places) {
        places.stream()
                .map(Place::topic)
                .distinct()
                .forEach(topic -> cluster.gateway().awaitIsr(topic, ALL));
    }
}
