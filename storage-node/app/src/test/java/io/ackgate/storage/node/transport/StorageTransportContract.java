package io.ackgate.storage.node.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.NodeReport;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.ReplicaStatus;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageNodes;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StorageTransport;
import io.ackgate.storage.api.TopicId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every transport does, told with three real engines at its other end. */
@Timeout(120)
abstract class StorageTransportContract {
    static final NodeId ONE = new NodeId(1);
    static final NodeId TWO = new NodeId(2);
    static final NodeId THREE = new NodeId(3);
    static final List<NodeId> NODES = List.of(ONE, TWO, THREE);

    private static final PartitionId P = new PartitionId(new TopicId(11, 12), 0);

    /** Three nodes that can be stopped and started, and a transport to them. */
    interface Cluster {
        StorageTransport transport();

        /** The same, for operators. */
        StorageNodes nodes();

        void start(NodeId node) throws Exception;

        /** In good order. */
        void stop(NodeId node) throws Exception;

        /** As if its process had been killed. */
        void kill(NodeId node) throws Exception;

        void close() throws Exception;
    }

    abstract Cluster cluster() throws Exception;

    private Cluster cluster;
    private TestGateway gateway;

    @BeforeEach
    void begin() throws Exception {
        cluster = cluster();
        gateway = new TestGateway(cluster.transport());
    }

    @AfterEach
    void end() throws Exception {
        cluster.transport().close();
        cluster.close();
        gateway.assertWordKept();
    }

    @Test
    void a_stream_to_each_node_opens_by_itself() throws Exception {
        for (NodeId node : NODES) {
            assertTrue(gateway.stream(node) > 0);
        }
    }

    @Test
    void a_replica_is_missing_until_it_is_assigned_and_then_takes_appends() throws Exception {
        assertEquals(
                new StorageAnswer.Missing(P, 1), gateway.ask(ONE, new StorageRequest.Fence(P, 1)));
        Incarnation incarnation = gateway.create(ONE, P, 1, ReplicaSettings.DEFAULTS);
        assertEquals(
                new StorageAnswer.Appended(P, 1, incarnation, 1),
                gateway.ask(ONE, new StorageRequest.Append(P, 1, Frames.frame(P, 0, 1), 0)));
        assertInstanceOf(
                StorageAnswer.Missing.class, gateway.ask(TWO, new StorageRequest.Fence(P, 1)));
    }

    @Test
    void the_order_of_a_thread_is_kept_so_that_no_append_meets_a_gap() throws Exception {
        gateway.create(ONE, P, 1, ReplicaSettings.DEFAULTS);
        int appends = 5_000;
        for (int offset = 0; offset < appends; offset++) {
            gateway.send(
                    ONE, new StorageRequest.Append(P, 1, Frames.frame(P, offset, 1), offset / 2));
            if (offset % 7 == 0) {
                gateway.flush();
            }
        }
        gateway.flush();
        gateway.awaitAppended(ONE, appends);
    }

    @Test
    void threads_that_send_at_once_do_not_disturb_each_other() throws Exception {
        int threads = 4;
        int appends = 1_000;
        List<PartitionId> partitions = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            PartitionId partition = new PartitionId(P.topic(), t);
            partitions.add(partition);
            gateway.create(ONE, partition, 1, ReplicaSettings.DEFAULTS);
        }
        List<Thread> running = new ArrayList<>();
        for (PartitionId partition : partitions) {
            running.add(Thread.ofPlatform().start(() -> appendAll(partition, appends)));
        }
        TreeMap<Integer, Long> ends = new TreeMap<>();
        while (ends.size() < threads || ends.values().stream().anyMatch(end -> end < appends)) {
            StorageAnswer.Appended appended =
                    assertInstanceOf(StorageAnswer.Appended.class, gateway.next(ONE));
            ends.put(appended.partition().partition(), appended.logEnd());
        }
        for (Thread thread : running) {
            thread.join();
        }
    }

    private void appendAll(PartitionId partition, int appends) {
        try {
            for (int offset = 0; offset < appends; offset++) {
                gateway.send(
                        ONE,
                        new StorageRequest.Append(
                                partition, 1, Frames.frame(partition, offset, 1), 0));
                gateway.flush();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void what_is_sent_on_a_stream_that_is_not_the_open_one_is_dropped() throws Exception {
        long stream = gateway.stream(ONE);
        StorageTransport transport = cluster.transport();
        transport.send(ONE, stream - 1, new StorageRequest.Fence(P, 1));
        transport.send(ONE, stream + 1, new StorageRequest.Fence(P, 2));
        transport.send(new NodeId(99), 1, new StorageRequest.Fence(P, 3));
        assertEquals(
                new StorageAnswer.Missing(P, 4), gateway.ask(ONE, new StorageRequest.Fence(P, 4)));
    }

    @Test
    void the_largest_frame_and_a_long_read_pass() throws Exception {
        gateway.create(ONE, P, 1, ReplicaSettings.DEFAULTS);
        ByteBuffer large = Frames.frame(P, 0, 1, (16 << 20) - 1000);
        gateway.ask(ONE, new StorageRequest.Append(P, 1, large, 0), StorageAnswer.Appended.class);
        for (int offset = 1; offset < 41; offset++) {
            ByteBuffer frame = Frames.frame(P, offset, 1, 30_000);
            gateway.send(ONE, new StorageRequest.Append(P, 1, frame, 0));
        }
        gateway.flush();
        gateway.awaitAppended(ONE, 41);

        StorageAnswer.Records first = read(0, 1);
        assertEquals(large, first.frames());
        StorageAnswer.Records more = read(1, 1 << 20);
        assertTrue(more.frames().remaining() > 900_000, "a read is as long as it may be");
        assertEquals(Frames.frame(P, 1, 1, 30_000), firstOf(more.frames(), 1));
    }

    private StorageAnswer.Records read(long offset, int maxBytes) throws InterruptedException {
        return gateway.ask(
                ONE,
                new StorageRequest.Read(P, 1, offset, offset, maxBytes, Long.MAX_VALUE),
                StorageAnswer.Records.class);
    }

    private static ByteBuffer firstOf(ByteBuffer frames, long offset) {
        int length = Frames.frame(P, offset, 1, 30_000).remaining();
        return frames.slice(frames.position(), length);
    }

    @Test
    void a_node_that_stops_and_starts_is_on_a_younger_stream_and_has_what_it_acknowledged()
            throws Exception {
        gateway.create(ONE, P, 1, ReplicaSettings.DEFAULTS);
        appendOne(0);
        long before = gateway.stream(ONE);

        cluster.stop(ONE);
        gateway.awaitClosed(ONE, before);
        cluster.start(ONE);

        assertTrue(gateway.stream(ONE) > before);
        assertEquals(1, gateway.reconcileAgain(ONE, P, 2).logEnd());
        assertEquals(
                StorageAnswer.Refusal.STALE_EPOCH,
                gateway.ask(ONE, new StorageRequest.Fence(P, 1), StorageAnswer.Refused.class)
                        .reason());
    }

    @Test
    void a_node_that_is_killed_has_what_it_acknowledged_and_the_epoch_it_promised()
            throws Exception {
        gateway.create(ONE, P, 1, ReplicaSettings.DEFAULTS);
        for (int offset = 0; offset < 100; offset++) {
            appendOne(offset);
        }
        gateway.ask(ONE, new StorageRequest.Fence(P, 5), StorageAnswer.Fenced.class);
        long before = gateway.stream(ONE);

        cluster.kill(ONE);
        gateway.awaitClosed(ONE, before);
        cluster.start(ONE);

        StorageAnswer.Refused refused =
                gateway.ask(ONE, new StorageRequest.Fence(P, 4), StorageAnswer.Refused.class);
        assertEquals(StorageAnswer.Refusal.STALE_EPOCH, refused.reason());
        assertEquals(5, refused.heldEpoch());
        assertEquals(100, gateway.reconcileAgain(ONE, P, 5).logEnd());
    }

    @Test
    void what_was_agreed_on_a_stream_ends_with_it() throws Exception {
        gateway.create(ONE, P, 1, ReplicaSettings.DEFAULTS);
        long before = gateway.stream(ONE);
        cluster.stop(ONE);
        gateway.awaitClosed(ONE, before);
        cluster.start(ONE);
        gateway.stream(ONE);

        StorageAnswer.Refused refused =
                gateway.ask(
                        ONE,
                        new StorageRequest.Append(P, 1, Frames.frame(P, 0, 1), 0),
                        StorageAnswer.Refused.class);
        assertTrue(
                refused.reason() == StorageAnswer.Refusal.NOT_RECONCILED
                        || refused.reason() == StorageAnswer.Refusal.STALE_SESSION,
                refused::toString);
    }

    @Test
    void one_node_that_is_down_does_not_hold_up_the_others() throws Exception {
        for (NodeId node : NODES) {
            gateway.create(node, P, 1, ReplicaSettings.DEFAULTS);
        }
        long before = gateway.stream(TWO);
        cluster.kill(TWO);
        gateway.awaitClosed(TWO, before);

        gateway.send(ONE, new StorageRequest.Append(P, 1, Frames.frame(P, 0, 1), 0));
        gateway.send(THREE, new StorageRequest.Append(P, 1, Frames.frame(P, 0, 1), 0));
        cluster.transport()
                .send(TWO, before, new StorageRequest.Append(P, 1, Frames.frame(P, 0, 1), 0));
        gateway.flush();
        gateway.awaitAppended(ONE, 1);
        gateway.awaitAppended(THREE, 1);
    }

    @Test
    void a_frame_is_shared_by_all_nodes_and_left_as_it_is() throws Exception {
        for (NodeId node : NODES) {
            gateway.create(node, P, 1, ReplicaSettings.DEFAULTS);
        }
        ByteBuffer frame = Frames.frame(P, 0, 1, 50_000);
        ByteBuffer before = ByteBuffer.allocate(frame.remaining()).put(frame.duplicate()).flip();
        for (NodeId node : NODES) {
            gateway.send(node, new StorageRequest.Append(P, 1, frame, 0));
        }
        gateway.flush();
        for (NodeId node : NODES) {
            gateway.awaitAppended(node, 1);
        }
        assertEquals(0, frame.position());
        assertEquals(before, frame);
    }

    @Test
    void a_node_reports_its_replicas_while_it_runs() throws Exception {
        gateway.create(ONE, P, 3, ReplicaSettings.DEFAULTS);
        gateway.ask(
                ONE,
                new StorageRequest.Append(P, 3, Frames.frame(P, 0, 3), 0),
                StorageAnswer.Appended.class);

        NodeReport report = report(ONE);
        assertEquals(ONE, report.identity().node());
        assertEquals("test", report.identity().clusterId());
        assertTrue(report.space().usableBytes() > 0);
        ReplicaStatus replica = report.replicas().getFirst();
        assertEquals(P, replica.partition());
        assertEquals(3, replica.epoch());
        assertEquals(1, replica.logEnd());
        assertEquals(Durability.FSYNC, replica.durability());
        assertEquals(Set.copyOf(NODES), cluster.nodes().ids());

        long before = gateway.stream(ONE);
        cluster.stop(ONE);
        gateway.awaitClosed(ONE, before);
        assertThrows(ExecutionException.class, () -> report(ONE));
        assertThrows(IllegalArgumentException.class, () -> cluster.nodes().report(new NodeId(99)));
    }

    private NodeReport report(NodeId node) throws Exception {
        return cluster.nodes().report(node).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void nobody_is_called_any_more_once_the_transport_is_closed() throws Exception {
        for (NodeId node : NODES) {
            gateway.create(node, P, 1, ReplicaSettings.DEFAULTS);
            gateway.send(node, new StorageRequest.Append(P, 1, Frames.frame(P, 0, 1), 0));
        }
        gateway.flush();
        cluster.transport().close();
        int calls = gateway.calls();
        cluster.transport().send(ONE, 1, new StorageRequest.Fence(P, 1));
        cluster.transport().flush();
        assertEquals(calls, gateway.calls());
    }

    private void appendOne(long offset) throws InterruptedException {
        gateway.ask(
                ONE,
                new StorageRequest.Append(P, 1, Frames.frame(P, offset, 1), 0),
                StorageAnswer.Appended.class);
    }
}
