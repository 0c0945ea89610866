package io.ackgate.gateway.processes;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.ackgate.gateway.Calls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disks of all three nodes write 2 MiB a second, and callers ask for far more, in a hundred
 * partitions at once. The callers wait or are told to; the nodes hold no more in memory than
 * before, and go on.
 */
@Timeout(400)
class ThrottledDiskIT {
    private static final Set<Integer> ALL = Set.copyOf(SeparateProcesses.NODES);
    private static final Duration PACE = Duration.ofMillis(500);
    private static final int PARTITIONS = 100;
    private static final int DISK_MEBIBYTES = 2_048;
    private static final int BYTES_PER_SECOND = 2 << 20;
    private static final int ROUNDS = 4;
    private static final Duration ROUND = Duration.ofSeconds(10);

    /** With what each of them sends: more than a gateway lets wait, and more than a node does. */
    private static final int CALLERS_OF_A_PARTITION = 6;

    private static final int CALLERS_BYTES = 256 << 10;

    /** Heap, buffers outside of it, code and classes. */
    private static final int MEBIBYTES_OF_A_NODE = 512;

    private final Path data;
    private final List<ThrottledDisk> disks = new ArrayList<>();
    private final SeparateProcesses cluster;

    @RegisterExtension final FailedWithLogs logs;

    ThrottledDiskIT(@TempDir Path data) {
        this.data = data;
        cluster = new SeparateProcesses(data, "ackgate.node.journal.checkpoint-interval=10s");
        cluster.nodeHeap("256m");
        logs = new FailedWithLogs(cluster::all);
    }

    @AfterEach
    void end() {
        disks.forEach(ThrottledDisk::free);
        cluster.close();
        disks.forEach(ThrottledDisk::close);
    }

    @Test
    void slow_disks_hold_the_callers_back_and_cost_no_node_its_memory(TestReporter reporter)
            throws Exception {
        for (int node : SeparateProcesses.NODES) {
            ThrottledDisk disk =
                    ThrottledDisk.mount(
                            cluster.dataOf(node), data.resolve("disk-" + node), DISK_MEBIBYTES);
            if (disk == null) {
                abort(
                        "NOT RUN: a slow disk needs root, loop devices and cgroup v1's blkio, of"
                                + " which this machine lacks one");
            } else {
                disks.add(disk);
            }
        }
        cluster.start();
        List<Place> counted = topic("counted");
        List<Place> flooded = topic("flooded");
        List<Map<Integer, Integer>> most = new ArrayList<>();
        try (NumberedLoad load = new NumberedLoad(cluster.gateway(), counted, PACE)) {
            load.awaitMore(PARTITIONS);
            disks.forEach(disk -> disk.limit(BYTES_PER_SECOND));
            try (Flood flood =
                    new Flood(
                            cluster.gateway().channel(),
                            flooded,
                            CALLERS_OF_A_PARTITION,
                            CALLERS_BYTES)) {
                for (int round = 0; round < ROUNDS; round++) {
                    most.add(mostMemoryOfARound());
                }
                reporter.publishEntry(
                        "slow disks",
                        "%s; %d large records acknowledged, %d throttled; MiB of each node %s"
                                .formatted(load, flood.acknowledged(), flood.throttled(), most));
                assertTrue(flood.throttled() > 0, "nobody was held back");
            }
            disks.forEach(ThrottledDisk::free);
            load.awaitMore(PARTITIONS);
            cluster.gateway().awaitIsr("counted", ALL);
            load.finish();
        }
        ALL.forEach(
                node -> {
                    assertTrue(cluster.node(node).runs(), "node " + node + " has ended");
                    assertFalse(cluster.node(node).log().contains("OutOfMemoryError"));
                });
        most.forEach(
                round ->
                        round.values()
                                .forEach(
                                        mebibytes ->
                                                assertTrue(
                                                        mebibytes < MEBIBYTES_OF_A_NODE,
                                                        most::toString)));
    }

    /** The most that each node has had in memory, in MiB. */
    private Map<Integer, Integer> mostMemoryOfARound() {
        Map<Integer, Integer> most = new TreeMap<>();
        long end = System.nanoTime() + ROUND.toNanos();
        Calls.await(
                () -> {
                    ALL.forEach(
                            node ->
                                    most.merge(
                                            node,
                                            cluster.node(node).residentMebibytes(),
                                            Math::max));
                    return System.nanoTime() - end > 0;
                });
        return most;
    }

    private List<Place> topic(String name) throws Exception {
        cluster.gateway().createTopic(name, PARTITIONS, "fsync");
        return IntStream.range(0, PARTITIONS).mapToObj(number -> new Place(name, number)).toList();
    }
}
