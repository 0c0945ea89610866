package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.storage.api.NodeId;
import org.junit.jupiter.api.Test;

/** A gateway that stood still judges nobody before it has read what arrived meanwhile. */
class StandingStillTest {
    private static final long MILLIS = 1_000_000;

    private final NodeId one = new NodeId(1);
    private final NodeId two = new NodeId(2);
    private final NodeId three = new NodeId(3);
    private final Cluster cluster = new Cluster(3, 2);

    private void standStill(Cluster.Gateway gateway, long millis) {
        cluster.now += millis * MILLIS;
        gateway.step(new PartitionInput.Tick());
    }

    @Test
    void nobody_lags_for_what_was_not_read() {
        Cluster.Gateway owner = cluster.owner();
        cluster.run(20);
        PartitionState before = cluster.state;
        long token = owner.produce(Acks.ALL, "x");
        for (NodeId node : cluster.nodes) {
            owner.deliver(node);
            owner.sync(node);
        }
        standStill(owner, 60_000);
        assertEquals(0, owner.changes.size());
        cluster.settle();
        assertEquals(before, cluster.state);
        assertInstanceOf(ProduceOutcome.Failed.class, owner.outcome(token), "its own time was up");
    }

    @Test
    void a_stream_that_is_back_is_seen_before_its_grace_is_over() {
        Cluster.Gateway owner = cluster.owner();
        cluster.run(20);
        owner.disconnect(two);
        cluster.run(250);
        standStill(owner, 5_000);
        assertEquals(0, owner.changes.size());
        owner.connect(two);
        cluster.run(400);
        assertEquals(3, cluster.state.isr().size());
        assertEquals(0, owner.events(PartitionEvent.IsrShrunk.class).size());
    }

    @Test
    void a_replica_that_takes_again_is_seen_before_it_counts_as_refusing() {
        Cluster.Gateway owner = cluster.owner();
        cluster.run(20);
        cluster.replica(two).diskFull = true;
        owner.produce(Acks.LEADER, "x");
        cluster.run(250);
        cluster.replica(two).diskFull = false;
        standStill(owner, 5_000);
        assertEquals(0, owner.changes.size());
        cluster.run(400);
        assertEquals(0, owner.events(PartitionEvent.IsrShrunk.class).size());
    }

    @Test
    void a_taker_waits_for_answers_that_it_has_not_read() {
        Cluster.Gateway first = cluster.owner();
        first.produce(Acks.ALL, "x");
        cluster.settle();
        first.step(new PartitionInput.Resign("test"));
        Cluster.Gateway taker = cluster.gateway();
        taker.takeOver();
        taker.store();
        cluster.nodes.forEach(taker::deliver);
        taker.receive(one);
        taker.receive(two);
        standStill(taker, 60_000);
        assertEquals(
                PartitionStatus.Phase.FENCING,
                taker.partition.status().phase(),
                "neither its patience nor its time is over");
        cluster.settle();
        assertEquals(3, cluster.state.isr().size());
    }

    @Test
    void a_machine_that_is_always_late_judges_all_the_same() {
        Cluster.Gateway owner = cluster.owner();
        owner.disconnect(three);
        for (int i = 0; i < 6; i++) {
            standStill(owner, 500);
            cluster.settle();
        }
        assertEquals(2, cluster.state.isr().size());
        assertNotEquals(three, cluster.state.leader().orElseThrow());
    }
}
