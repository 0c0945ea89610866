package io.ackgate.gateway.processes;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * All storage nodes are killed at once under load, with the gateway and without it. {@code
 * -Dfaults.records=1000000} makes a long run of it.
 *
 * <p>A killed process leaves what it wrote to its system. Disks that lose what was not synced are
 * simulated: {@code StoriesTest.allMachinesLosePowerAtOnce} and {@code SeedsTest} in {@code
 * gateway/simulation}.
 */
@Timeout(1800)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AllNodesKilledIT {
    private static final Set<Integer> ALL = Set.copyOf(SeparateProcesses.NODES);
    private static final int BLOWS = 2;
    private static final int BATCHES_A_BLOW =
            Integer.getInteger("faults.records", 8_000) / Batch.RECORDS / BLOWS;

    private final SeparateProcesses cluster;

    @RegisterExtension final FailedWithLogs logs;

    AllNodesKilledIT(@TempDir Path data) {
        cluster = new SeparateProcesses(data);
        logs = new FailedWithLogs(cluster::all);
    }

    @BeforeEach
    void start_what_does_not_run() {
        cluster.start();
    }

    @AfterAll
    void end() {
        cluster.close();
    }

    @Test
    void what_was_acknowledged_survives_kill_9_of_all_nodes_at_once(TestReporter reporter)
            throws Exception {
        List<Place> places = Topics.create(cluster.gateway());
        try (NumberedLoad load = new NumberedLoad(cluster.gateway(), places)) {
            for (int blow = 1; blow <= BLOWS; blow++) {
                load.awaitMore(BATCHES_A_BLOW);
                load.strike(() -> cluster.killNodes(SeparateProcesses.NODES));
                cluster.startNodes(SeparateProcesses.NODES);
                awaitIsr(places);
            }
            load.awaitMore(100);
            load.finish();
            reporter.publishEntry("all nodes killed", load.toString());
        }
    }

    @Test
    void what_was_acknowledged_survives_kill_9_of_everything_at_once(TestReporter reporter)
            throws Exception {
        List<Place> places = Topics.create(cluster.gateway());
        try (NumberedLoad load = new NumberedLoad(cluster.gateway(), places)) {
            for (int blow = 1; blow <= BLOWS; blow++) {
                load.awaitMore(BATCHES_A_BLOW);
                load.strike(cluster::killAll);
                cluster.start();
                awaitIsr(places);
                load.goOn(cluster.gateway());
            }
            load.awaitMore(100);
            load.finish();
            reporter.publishEntry("everything killed", load.toString());
            assertTrue(load.unanswered() > 0, "a kill that finds nothing under way shows nothing");
        }
    }

    private void awaitIsr(List<Place> places) {
        places.stream()
                .map(Place::topic)
                .distinct()
                .forEach(topic -> cluster.gateway().awaitIsr(topic, ALL));
    }
}
