package io.ackgate.storage.node.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.replication.client.GrpcTransport;
import io.ackgate.replication.client.GrpcTransportSettings;
import io.ackgate.replication.client.NodeAddress;
import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.node.transport.AppendLoad;
import io.ackgate.storage.node.transport.LogReader;
import io.ackgate.storage.node.transport.TestGateway;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Three real processes under load, one of which is killed, stopped, or both. */
@Timeout(300)
class KilledNodeIT {
    private static final NodeId ONE = new NodeId(1);
    private static final NodeId TWO = new NodeId(2);
    private static final List<NodeId> NODES = List.of(ONE, TWO, new NodeId(3));
    private static final int PARTITIONS = 5;
    private static final int FRAME_BYTES = 3_000;

    @TempDir Path data;

    private final Map<NodeId, StorageNodeProcess> nodes = new HashMap<>();
    private final Map<NodeId, NodeAddress> addresses = new HashMap<>();

    @BeforeEach
    void start() throws Exception {
        for (NodeId node : NODES) {
            nodes.put(node, StorageNodeProcess.launch(node, directory(node), 0));
        }
        for (NodeId node : NODES) {
            addresses.put(node, process(node).address());
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (StorageNodeProcess process : nodes.values()) {
            process.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void what_was_acknowledged_survives_kill_9_again_and_again(Durability durability)
            throws Exception {
        long seed = 20_261_128;
        Random random = new Random(seed);
        AppendLoad load;
        try (GrpcTransport transport = transport()) {
            load = load(transport, durability);
            load.awaitMore(TWO, 200 + random.nextInt(2_000));
            process(TWO).kill9();
            load.awaitClosed(TWO);
            load.awaitMore(ONE, 500);
            restart(TWO);
            load.awaitMore(TWO, 200 + random.nextInt(2_000));
            process(TWO).kill9();
            load.awaitClosed(TWO);
        }
        assertEquals(List.of(), load.wrong(), () -> "seed " + seed + logs());
        restart(TWO);
        verify(load, TWO);
        verify(load, ONE);
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void a_node_that_stands_still_is_given_up_and_comes_back(Durability durability)
            throws Exception {
        AppendLoad load;
        try (GrpcTransport transport = transport()) {
            load = load(transport, durability);
            load.awaitMore(TWO, 200);
            process(TWO).stopTheWorld();
            load.awaitClosed(TWO);
            load.awaitMore(ONE, 500);
            process(TWO).goOn();
            load.awaitMore(TWO, 500);
        }
        assertEquals(List.of(), load.wrong(), this::logs);
        verify(load, TWO);
    }

    /** Everything acknowledged is there, and the epoch that was promised still binds. */
    private void verify(AppendLoad load, NodeId node) throws Exception {
        try (GrpcTransport transport = transport()) {
            TestGateway gateway = new TestGateway(transport);
            for (int p = 0; p < PARTITIONS; p++) {
                PartitionId partition = AppendLoad.partition(p);
                int epoch = load.epoch(node, partition);
                if (epoch > 1) {
                    StorageAnswer.Refused refused =
                            gateway.ask(
                                    node,
                                    new StorageRequest.Fence(partition, epoch - 1),
                                    StorageAnswer.Refused.class);
                    assertEquals(StorageAnswer.Refusal.STALE_EPOCH, refused.reason());
                    assertEquals(epoch, refused.heldEpoch());
                }
                long end = LogReader.verify(gateway, node, partition, epoch + 1, FRAME_BYTES);
                long acknowledged = load.acknowledged(node, partition);
                assertTrue(
                        end >= acknowledged,
                        () -> partition + " ends at " + end + ", acknowledged " + acknowledged);
            }
            gateway.assertWordKept();
        }
    }

    private static AppendLoad load(GrpcTransport transport, Durability durability) {
        ReplicaSettings settings = ReplicaSettings.DEFAULTS;
        return new AppendLoad(
                transport,
                NODES,
                PARTITIONS,
                new ReplicaSettings(
                        durability,
                        1 << 20,
                        settings.segmentMillis(),
                        settings.retentionMillis(),
                        settings.retentionBytes(),
                        settings.producerExpirationMillis()),
                20,
                FRAME_BYTES);
    }

    private GrpcTransport transport() {
        return new GrpcTransport(
                GrpcTransportSettings.defaults("ackgate"), System.nanoTime(), addresses);
    }

    private void restart(NodeId node) throws Exception {
        int port = process(node).port();
        nodes.put(node, StorageNodeProcess.start(node, directory(node), port));
    }

    private StorageNodeProcess process(NodeId node) {
        StorageNodeProcess process = nodes.get(node);
        if (process == null) {
            throw new IllegalStateException(node + " was never started");
        }
        return process;
    }

    private Path directory(NodeId node) {
        return data.resolve(node.toString());
    }

    private String logs() {
        StringBuilder all = new StringBuilder();
        nodes.forEach(
                (node, process) ->
                        all.append("\n--- ").append(node).append('\n').append(process.log()));
        return all.toString();
    }
}
