package io.ackgate.gateway.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.ErrorInfo;
import io.ackgate.gateway.Calls;
import io.ackgate.v1.Acks;
import io.ackgate.v1.ConsumerRecord;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.Receipt;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A gateway and three storage nodes, each a process of its own, which are killed under load. */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeparateProcessesIT {
    private static final Set<Integer> ALL = Set.copyOf(SeparateProcesses.NODES);
    private static final int TIMEOUT_MILLIS = 5_000;

    private final SeparateProcesses cluster;

    @RegisterExtension final FailedWithLogs logs;

    SeparateProcessesIT(@TempDir Path data) {
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
    void the_load_goes_on_without_a_killed_node_which_comes_back_with_everything(
            TestReporter reporter) throws Exception {
        List<Place> places = Topics.create(cluster.gateway());
        try (NumberedLoad load = new NumberedLoad(cluster.gateway(), places)) {
            load.awaitMore(200);
            load.strike(() -> cluster.killNode(2));
            load.awaitMore(300);
            awaitIsr(places, Set.of(1, 3));
            cluster.startNode(2);
            awaitIsr(places, ALL);
            load.awaitMore(100);
            load.finish();
            reporter.publishEntry("one node killed", load.toString());
            assertEquals(Map.of(), load.refusals(), "nobody but the gateway notices");
            assertTrue(load.longestPauseMillis() < 10_000, load::toString);

            cluster.killNode(1);
            cluster.killNode(3);
            awaitIsr(places, Set.of(2));
            load.verify(cluster.gateway());
        }
    }

    @Test
    void what_was_acknowledged_survives_kill_9_of_the_gateway(TestReporter reporter)
            throws Exception {
        List<Place> places = Topics.create(cluster.gateway());
        try (NumberedLoad load = new NumberedLoad(cluster.gateway(), places)) {
            // A kill that finds nothing under way shows nothing.
            for (int kill = 1; kill <= 2 || load.unanswered() == 0; kill++) {
                load.awaitMore(200);
                load.strike(cluster::killGateway);
                load.goOn(cluster.startGateway());
            }
            load.awaitMore(200);
            load.finish();
            reporter.publishEntry("gateway killed", load.toString());
        }
    }

    @Test
    void two_killed_nodes_stop_acks_all_alone_until_one_is_back() throws Exception {
        String topic = "two-down";
        Place place = new Place(topic, 0);
        cluster.gateway().createTopic(topic, 1, "fsync");
        cluster.gateway().awaitIsr(topic, ALL);
        write(place, Acks.ACKS_ALL, 0);
        int leader = cluster.gateway().partitions(topic).getFirst().getLeader();
        List<Integer> others =
                SeparateProcesses.NODES.stream().filter(node -> node != leader).toList();

        others.forEach(cluster::killNode);
        cluster.gateway().awaitIsr(topic, Set.of(leader));
        long start = System.nanoTime();
        ErrorInfo refused =
                Calls.assertFails(
                        Status.Code.UNAVAILABLE,
                        "NOT_ENOUGH_REPLICAS",
                        topic
                                + "-0 has 1 in-sync replicas [node-"
                                + leader
                                + "], min.insync.replicas is 2",
                        () -> write(place, Acks.ACKS_ALL, 1));
        assertTrue(
                System.nanoTime() - start < Duration.ofMillis(TIMEOUT_MILLIS).toNanos(),
                "refused within the request's timeout");
        assertEquals("NOT_WRITTEN", refused.getMetadataOrThrow("write_status"));
        assertEquals("true", refused.getMetadataOrThrow("retriable"));
        Receipt alone = write(place, Acks.ACKS_LEADER, 2);
        assertEquals(List.of(leader), alone.getReplicasList());
        assertEquals(1, alone.getBaseOffset(), "what was refused has no offset");

        int back = others.getFirst();
        cluster.startNode(back);
        cluster.gateway().awaitIsr(topic, Set.of(leader, back));
        assertEquals(2, write(place, Acks.ACKS_ALL, 3).getBaseOffset());
        assertEquals(
                List.of("0", "2", "3"),
                cluster.gateway().read(place).stream().map(SeparateProcessesIT::key).toList());
    }

    private Receipt write(Place place, Acks acks, long number) {
        return Calls.producer(cluster.gateway().channel())
                .produce(
                        ProduceRequest.newBuilder()
                                .setTopic(place.topic())
                                .setPartition(place.partition())
                                .setAcks(acks)
                                .setTimeoutMs(TIMEOUT_MILLIS)
                                .addRecords(Quakes.record(number))
                                .build())
                .getReceipts(0);
    }

    private static String key(ConsumerRecord record) {
        return record.getKey().toStringUtf8();
    }

    private void awaitIsr(List<Place> places, Set<Integer> nodes) {
        places.stream()
                .map(Place::topic)
                .distinct()
                .forEach(topic -> cluster.gateway().awaitIsr(topic, nodes));
    }
}
