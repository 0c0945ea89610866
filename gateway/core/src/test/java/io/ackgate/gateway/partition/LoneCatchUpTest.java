package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageRequest;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * One partition that is written all the time: its replica that was away gets there all the same.
 */
class LoneCatchUpTest {
    private final NodeId one = new NodeId(1);
    private final NodeId two = new NodeId(2);
    private final NodeId three = new NodeId(3);
    private final Cluster cluster =
            new Cluster(3, PartitionSettings.DEFAULTS.withMaxReadBytes(1_000));
    private final Cluster.Gateway owner = cluster.owner();

    private void write(int batches, int bytes) {
        for (int i = 0; i < batches; i++) {
            owner.produce(Acks.ALL, "x".repeat(bytes));
        }
    }

    private void leave() {
        owner.disconnect(three);
        cluster.run(400);
        assertEquals(2, cluster.state.isr().size());
    }

    private void comeBack() {
        owner.connect(three);
        while (owner.deliver(three) || owner.receive(three)) {}
        assertTrue(owner.turns.containsKey(three));
    }

    /** So many batches are written and committed while the replica has one turn. */
    private void turn(int batches, int bytes) {
        var toLeader = owner.outbox.computeIfAbsent(one, _ -> new ArrayDeque<>());
        PartitionEffect.Send read = toLeader.pollLast();
        write(batches, bytes);
        for (NodeId node : List.of(one, two)) {
            while (owner.deliver(node)) {}
            owner.sync(node);
            while (owner.receive(node)) {}
        }
        if (read != null) {
            assertInstanceOf(StorageRequest.Read.class, read.request());
            toLeader.add(read);
        }
        while (owner.deliver(one) || owner.receive(one)) {}
        while (owner.deliver(three)) {}
        owner.sync(three);
        while (owner.receive(three)) {}
        while (owner.store()) {}
    }

    private int turnsUntilInSync(int batches, int bytes) {
        for (int turn = 1; turn <= 100; turn++) {
            turn(batches, bytes);
            if (cluster.state.isr().size() == 3) {
                return turn;
            }
        }
        throw new AssertionError("it lags behind for ever: " + owner.partition.status());
    }

    @Test
    void a_replica_catches_up_with_a_log_that_grows_as_fast_as_it_is_read() {
        leave();
        write(100, 100);
        cluster.settle();
        comeBack();
        // A small read brings five of them.
        int turns = turnsUntilInSync(6, 100);
        assertTrue(turns < 40, turns + " turns");
        turn(6, 100);
        assertEquals(0, owner.partition.status().replicas().get(2).lag());
    }

    @Test
    void a_replica_catches_up_whatever_was_written_before() {
        write(400, 5_000);
        cluster.settle();
        leave();
        write(20, 10);
        cluster.settle();
        comeBack();
        int turns = turnsUntilInSync(2, 10);
        assertTrue(turns < 10, turns + " turns");
    }
}
