package io.ackgate.storage.node.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.replication.client.GrpcTransport;
import io.ackgate.replication.client.GrpcTransportSettings;
import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.TopicId;
import io.ackgate.storage.node.transport.Frames;
import io.ackgate.storage.node.transport.TestGateway;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the packaged application starts, refuses to start, and stops. */
@Timeout(300)
class StorageNodeProcessIT {
    private static final NodeId ONE = new NodeId(1);
    private static final PartitionId PARTITION = new PartitionId(new TopicId(3, 4), 2);

    @TempDir Path temporary;

    private Path data;

    @BeforeEach
    void belowOneDirectory() {
        data = temporary.resolve("data");
    }

    @Test
    void stops_in_good_order_and_is_the_same_replica_afterwards() throws Exception {
        ReplicaSettings pageCache =
                new ReplicaSettings(Durability.PAGE_CACHE, 1 << 20, 1_000_000, -1, -1, 1_000_000);
        Incarnation incarnation;
        try (StorageNodeProcess first = StorageNodeProcess.start(ONE, data, 0);
                GrpcTransport transport = transport(first)) {
            TestGateway gateway = new TestGateway(transport);
            incarnation = gateway.create(ONE, PARTITION, 1, pageCache);
            gateway.ask(
                    ONE,
                    new StorageRequest.Append(PARTITION, 1, Frames.frame(PARTITION, 0, 1), 0),
                    StorageAnswer.Appended.class);
            assertEquals(143, first.terminate(), "128 and SIGTERM");
            assertTrue(first.log().contains("node-1 has stopped in good order"), first::log);
        }
        try (StorageNodeProcess second = StorageNodeProcess.start(ONE, data, 0);
                GrpcTransport transport = transport(second)) {
            StorageAnswer.Fenced fenced =
                    new TestGateway(transport).reconcileAgain(ONE, PARTITION, 2);
            assertEquals(incarnation, fenced.incarnation());
            assertEquals(1, fenced.logEnd());
        }
    }

    @Test
    void says_why_it_does_not_start() throws Exception {
        try (StorageNodeProcess running = StorageNodeProcess.start(ONE, data, 0)) {
            Path empty = data.resolveSibling("never-used");
            Map<StorageNodeProcess, String> refused = new LinkedHashMap<>();
            refused.put(StorageNodeProcess.launch(ONE, data, 0), data + " is in use by process ");
            refused.put(
                    StorageNodeProcess.launch(ONE, empty, 0, "ackgate.node.journal.kept-files=1"),
                    "ackgate.node.journal.kept-files is 1 and must be 2 to 1024");
            refused.put(
                    StorageNodeProcess.launch(ONE, empty, 0, "ackgate.listen-prot=9"),
                    "ackgate.listen-prot is no setting of a storage node: did you mean"
                            + " ackgate.listen-port?");
            refused.put(
                    StorageNodeProcess.launch(
                            new NodeId(5), data.resolveSibling("other"), running.port()),
                    "cannot listen on");
            for (Map.Entry<StorageNodeProcess, String> one : refused.entrySet()) {
                assertRefused(one.getKey(), one.getValue());
            }
        }
        assertRefused(
                StorageNodeProcess.launch(new NodeId(2), data, 0),
                "the data directory belongs to node-1 of no cluster yet, not to node-2");
    }

    private static void assertRefused(StorageNodeProcess launched, String why) throws Exception {
        try (StorageNodeProcess process = launched) {
            assertEquals(1, process.exitStatus(), process::log);
            assertTrue(process.log().contains(why), process::log);
        }
    }

    private static GrpcTransport transport(StorageNodeProcess node) throws Exception {
        return new GrpcTransport(
                GrpcTransportSettings.defaults("ackgate"),
                System.nanoTime(),
                Map.of(ONE, node.address()));
    }
}
