package io.ackgate.gateway.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.partition.PartitionEvent.StopCause;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

/** Who came too late is counted by what for. */
class FencedMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final FencedMetrics metrics = new FencedMetrics(registry);

    private double count(String name, String reason) {
        return registry.get(name).tag("reason", reason).counter().count();
    }

    @Test
    void a_partition_that_another_gateway_has_taken() {
        metrics.stopped(StopCause.FENCED);
        metrics.stopped(StopCause.SUPERSEDED);
        metrics.stopped(StopCause.SUPERSEDED);
        assertEquals(1, count("ackgate.fenced", "leader-epoch"));
        assertEquals(2, count("ackgate.fenced", "superseded"));
        assertEquals(1, count("ackgate.partition.stops", "fenced"));
        assertEquals(2, count("ackgate.partition.stops", "superseded"));
    }

    @Test
    void a_partition_that_is_given_up_otherwise_is_not_fenced() {
        metrics.stopped(StopCause.RESIGNED);
        metrics.stopped(StopCause.LEADER_LOST);
        assertEquals(1, count("ackgate.partition.stops", "resigned"));
        assertEquals(1, count("ackgate.partition.stops", "leader-lost"));
        assertEquals(
                0,
                registry.get("ackgate.fenced").counters().stream()
                        .mapToDouble(counter -> counter.count())
                        .sum());
    }

    @Test
    void batches_and_commits_of_those_who_came_too_late() {
        metrics.refused(ErrorCode.INVALID_PRODUCER_EPOCH);
        metrics.refused(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        metrics.refused(ErrorCode.FENCED_LEADER_EPOCH);
        metrics.refused(ErrorCode.REQUEST_TIMED_OUT);
        assertEquals(1, count("ackgate.fenced", "producer-epoch"));
        assertEquals(1, count("ackgate.fenced", "not-leader"));
        assertEquals(1, count("ackgate.fenced", "commit-epoch"));
    }
}
