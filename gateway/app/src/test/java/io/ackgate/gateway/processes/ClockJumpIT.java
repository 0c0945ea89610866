package io.ackgate.gateway.processes;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.ackgate.gateway.Calls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The wall clock of one node jumps eight days ahead, with records that are kept for an hour and
 * producers that are forgotten after a day. Nothing is deleted and no producer is unknown.
 */
@Timeout(300)
class ClockJumpIT {
    private static final Set<Integer> ALL = Set.copyOf(SeparateProcesses.NODES);
    private static final Duration PACE = Duration.ofMillis(100);
    private static final int JUMPING = 2;

    /** Of each partition: all but the last may be deleted once they are old. */
    private static final int SEGMENTS = 3;

    /** More than a round of retention, which comes every thirty seconds. */
    private static final Duration ENOUGH = Duration.ofSeconds(35);

    private final Path data;
    private final SeparateProcesses cluster;

    @RegisterExtension final FailedWithLogs logs;

    ClockJumpIT(@TempDir Path data) {
        this.data = data;
        cluster = new SeparateProcesses(data, "ackgate.node.journal.checkpoint-interval=1s");
        logs = new FailedWithLogs(cluster::all);
    }

    @AfterEach
    void end() {
        cluster.close();
    }

    @Test
    void a_clock_that_jumps_by_days_deletes_nothing_and_forgets_no_producer(TestReporter reporter)
            throws Exception {
        FakeClock clock = FakeClock.at(data.resolve("clock"));
        if (clock == null) {
            abort("NOT RUN: a clock to set needs libfaketime, of Debian's package faketime");
        }
        cluster.startNodes(List.of(1, 3));
        cluster.environment(clock.environment());
        cluster.start();
        List<Place> places =
                Topics.create(
                        cluster.gateway(),
                        Map.of("segment.bytes", "65536", "retention.ms", "3600000"));
        try (NumberedLoad load = new NumberedLoad(cluster.gateway(), places, PACE)) {
            while (segments().size() < SEGMENTS * places.size()) {
                load.awaitMore(100);
            }
            List<Path> before = segments();

            clock.ahead("+8d");
            Calls.await(() -> cluster.node(JUMPING).log().contains("the wall clock has jumped by"));
            long enough = System.nanoTime() + ENOUGH.toNanos();
            while (System.nanoTime() - enough < 0) {
                load.awaitMore(1);
            }
            assertTrue(segments().containsAll(before), "a segment is gone");

            // The next owner knows of the producers what the nodes know.
            load.strike(cluster::killGateway);
            cluster.startGateway();
            load.goOn(cluster.gateway());
            load.awaitMore(100);
            load.finish();
            reporter.publishEntry("clock eight days ahead", load.toString());
            assertTrue(segments().containsAll(before), "a segment is gone");
            places.stream()
                    .map(Place::topic)
                    .distinct()
                    .forEach(topic -> cluster.gateway().awaitIsr(topic, ALL));
        }
    }

    /** Of the node whose clock jumps. */
    private List<Path> segments() {
        return new NodeFiles(cluster.dataOf(JUMPING))
                .logs().stream().flatMap(log -> NodeFiles.segments(log).stream()).toList();
    }
}
