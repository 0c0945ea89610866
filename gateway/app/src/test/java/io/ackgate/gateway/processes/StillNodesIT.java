package io.ackgate.gateway.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import io.ackgate.gateway.Calls;
import io.ackgate.v1.ListOffsetsRequest;
import io.ackgate.v1.OffsetSpec;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProducerRecord;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Storage nodes that stand still, and that leave in good order. */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StillNodesIT {
    private static final Set<Integer> ALL = Set.copyOf(SeparateProcesses.NODES);
    private static final int RECORDS = 10;

    private final SeparateProcesses cluster;

    @RegisterExtension final FailedWithLogs logs;

    StillNodesIT(@TempDir Path data) {
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

    private void write(String topic, int records) {
        for (int i = 0; i < records; i++) {
            Calls.producer(cluster.gateway().channel())
                    .produce(
                            ProduceRequest.newBuilder()
                                    .setTopic(topic)
                                    .setPartition(0)
                                    .addRecords(
                                            ProducerRecord.newBuilder()
                                                    .setValue(ByteString.copyFrom(new byte[500])))
                                    .build());
        }
    }

    private void signal(String name, int node) throws IOException, InterruptedException {
        String pid = Long.toString(cluster.node(node).pid());
        assertEquals(0, new ProcessBuilder("kill", "-" + name, pid).start().waitFor());
    }

    /** Asks again while the answer is an error that says that this helps. */
    private static <A> A untilServed(Callable<A> call) throws Exception {
        while (true) {
            try {
                return call.call();
            } catch (StatusRuntimeException failed) {
                ErrorInfo info = Calls.detail(failed, ErrorInfo.class);
                assertNotNull(info, failed::toString);
                assertEquals("true", info.getMetadataOrThrow("retriable"), failed::toString);
            }
        }
    }

    @Test
    void reads_go_on_when_their_leader_stands_still() throws Exception {
        String topic = "still";
        GatewayAccess gateway = cluster.gateway();
        gateway.createTopic(topic, 1, "page-cache");
        gateway.awaitIsr(topic, ALL);
        write(topic, RECORDS);
        int leader = gateway.partitions(topic).getFirst().getLeader();
        signal("STOP", leader);
        try {
            assertEquals(
                    RECORDS,
                    untilServed(
                                    () ->
                                            Calls.consumer(gateway.channel())
                                                    .listOffsets(
                                                            ListOffsetsRequest.newBuilder()
                                                                    .setTopic(topic)
                                                                    .setOffsetSpec(
                                                                            OffsetSpec
                                                                                    .OFFSET_SPEC_LATEST)
                                                                    .build()))
                            .getOffsets(0)
                            .getOffset());
            assertEquals(
                    0,
                    untilServed(
                                    () ->
                                            Calls.consumer(gateway.channel())
                                                    .listOffsets(
                                                            ListOffsetsRequest.newBuilder()
                                                                    .setTopic(topic)
                                                                    .setTimestampMs(1)
                                                                    .build()))
                            .getOffsets(0)
                            .getOffset());
            assertEquals(RECORDS, untilServed(() -> gateway.read(new Place(topic, 0))).size());
        } finally {
            signal("CONT", leader);
        }
        gateway.awaitIsr(topic, ALL);
    }

    @Test
    void a_node_that_leaves_in_good_order_leaves_the_isr_at_once() throws Exception {
        String topic = "leaves";
        GatewayAccess gateway = cluster.gateway();
        gateway.createTopic(topic, 1, "page-cache");
        gateway.awaitIsr(topic, ALL);
        int leader = gateway.partitions(topic).getFirst().getLeader();
        signal("TERM", leader);
        gateway.awaitIsr(
                topic, ALL.stream().filter(node -> node != leader).collect(Collectors.toSet()));
        assertTrue(
                cluster.all().stream()
                        .anyMatch(
                                process ->
                                        process.log()
                                                .contains(
                                                        "%s-0: node-%d left the ISR because it is DOWN"
                                                                .formatted(topic, leader))));
        write(topic, 1);
    }
}
