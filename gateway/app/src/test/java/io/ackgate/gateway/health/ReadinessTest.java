package io.ackgate.gateway.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.process.ClusterView;
import io.ackgate.gateway.produce.KnownTopics;
import io.ackgate.gateway.shutdown.Draining;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.storage.api.NodeId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Readiness follows what is so now, and is about this process. */
class ReadinessTest {
    private final KnownTopics topics = new KnownTopics();
    private final ServedPartitions served = new ServedPartitions();
    private final Nodes cluster = new Nodes();
    private final AtomicLong nanos = new AtomicLong(5);
    private @Nullable String failure;
    private final Draining draining = new Draining();
    private final Readiness readiness =
            new Readiness(() -> failure, cluster, topics, served, draining, nanos::get);

    /** Three nodes, of which some are connected. */
    private static final class Nodes implements ClusterView {
        private int connected = 3;

        @Override
        public List<KnownNode> nodes() {
            return List.of(node(1), node(2), node(3));
        }

        private KnownNode node(int id) {
            return new KnownNode(new NodeId(id), "", id <= connected, true);
        }

        @Override
        public String clusterId() {
            return "cluster";
        }

        @Override
        public String mode() {
            return "standalone";
        }

        @Override
        public List<LiveGateway> gateways() {
            return List.of();
        }
    }

    private void serve(Topic topic, int partition) {
        served.happened(topic.partition(partition), new PartitionEvent.Serving(1, 0));
    }

    @Test
    void a_new_process_waits_for_its_partitions() {
        Topic topic = topics.add("t", 2, Map.of());
        assertEquals("2 partitions are not served yet after the start", readiness.problem());
        serve(topic, 0);
        assertEquals("1 partitions are not served yet after the start", readiness.problem());
        serve(topic, 1);
        assertNull(readiness.problem());
        topics.add("another", 5, Map.of());
        assertNull(readiness.problem());
    }

    @Test
    void a_partition_that_stays_offline_does_not_keep_it_from_taking_traffic() {
        Topic topic = topics.add("t", 2, Map.of());
        serve(topic, 0);
        nanos.addAndGet(Readiness.PATIENCE.toNanos() - 1);
        assertEquals("1 partitions are not served yet after the start", readiness.problem());
        nanos.incrementAndGet();
        assertNull(readiness.problem());
    }

    @Test
    void it_follows_the_nodes_and_one_is_enough() {
        assertNull(readiness.problem());
        cluster.connected = 1;
        assertNull(readiness.problem());
        cluster.connected = 0;
        assertEquals("no storage node can be reached", readiness.problem());
        cluster.connected = 2;
        assertNull(readiness.problem());
    }

    @Test
    void a_process_that_is_told_to_end_is_not_ready_at_once() {
        assertNull(readiness.problem());
        draining.leave();
        assertEquals("it is stopping", readiness.problem());
    }

    @Test
    void a_process_that_can_do_nothing_any_more_is_neither_ready_nor_alive() {
        Alive alive = new Alive(() -> failure);
        assertNull(readiness.problem());
        assertEquals(HealthCheckResponse.Status.UP, alive.call().getStatus());
        failure = "metadata could not be synced";
        assertEquals("metadata could not be synced", readiness.problem());
        HealthCheckResponse down = alive.call();
        assertEquals(HealthCheckResponse.Status.DOWN, down.getStatus());
        assertEquals(
                "metadata could not be synced", down.getData().orElseThrow().get("start it again"));
        assertEquals(
                HealthCheckResponse.Status.DOWN, new Ready(readiness, cluster).call().getStatus());
    }
}
