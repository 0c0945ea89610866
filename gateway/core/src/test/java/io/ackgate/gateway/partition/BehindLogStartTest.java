package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageRequest;
import org.junit.jupiter.api.Test;

/** Replicas that return when retention has taken what would show where their logs part. */
class BehindLogStartTest {
    private final NodeId one = new NodeId(1);
    private final NodeId two = new NodeId(2);
    private final NodeId three = new NodeId(3);
    private final Cluster cluster = new Cluster(3, 1);

    /** What the leader's log holds below an offset is deleted, and its owner has seen that. */
    private void retention(Cluster.Gateway owner, int start) {
        ModelReplica leader = cluster.replica(one);
        while (leader.logStart < start) {
            leader.frames.removeFirst();
            leader.synced--;
            leader.logStart++;
        }
        owner.find(PartitionInput.Position.EARLIEST);
        cluster.settle();
    }

    /** Node 3 alone takes a record of the first epoch, in the place of one of the second. */
    private Cluster.Gateway node3IsLeftWithAnotherRecord() {
        Cluster.Gateway first = cluster.owner();
        first.produce(Acks.ALL, "x");
        cluster.settle();
        first.disconnect(one);
        first.disconnect(two);
        first.produce(Acks.LEADER, "a");
        cluster.settle();
        assertEquals(2, cluster.replica(three).logEnd());
        cluster.gateways.clear();

        Cluster.Gateway second = cluster.gateway();
        second.disconnect(three);
        second.takeOver();
        cluster.run(400);
        second.produce(Acks.ALL, "b");
        second.produce(Acks.ALL, "c");
        cluster.settle();
        assertEquals(2, cluster.state.isr().size());
        assertEquals(one, cluster.state.leader().orElseThrow());
        return second;
    }

    private void node3HoldsWhatIsCommitted(Cluster.Gateway owner) {
        cluster.run(1_000);
        assertEquals(3, cluster.state.isr().size());
        ModelReplica replica = cluster.replica(three);
        ModelReplica leader = cluster.replica(one);
        assertEquals(leader.frames.getLast(), replica.frames.getLast());
        assertEquals(leader.logEnd(), replica.logEnd());
        long token = owner.produce(Acks.ALL, "d");
        cluster.settle();
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(token));
    }

    @Test
    void a_replica_that_may_have_parted_where_nothing_is_left_begins_again() {
        Cluster.Gateway owner = node3IsLeftWithAnotherRecord();
        retention(owner, 2);
        owner.connect(three);
        cluster.settle();
        assertEquals(2, cluster.replica(three).logStart, "it does not keep its record at 1");
        node3HoldsWhatIsCommitted(owner);
    }

    @Test
    void a_replica_is_cut_where_it_is_seen_to_part() {
        Cluster.Gateway owner = node3IsLeftWithAnotherRecord();
        retention(owner, 1);
        cluster.replica(three).highWatermark = 1;
        owner.connect(three);
        cluster.settle();
        assertEquals(0, cluster.replica(three).logStart, "what is committed at 0 stays");
        node3HoldsWhatIsCommitted(owner);
    }

    @Test
    void a_member_has_not_parted_whatever_it_knows_to_be_committed() {
        Cluster.Gateway owner = cluster.owner();
        owner.produce(Acks.ALL, "x");
        cluster.settle();
        retention(owner, 1);
        cluster.replica(three).highWatermark = 0;
        owner.disconnect(three);
        owner.connect(three);
        owner.deliver(three);
        owner.receive(three);
        StorageRequest answer = Cluster.lastRequest(owner, three);
        assertEquals(1, assertInstanceOf(StorageRequest.Reconcile.class, answer).truncateTo());
        cluster.settle();
        assertEquals(1, cluster.replica(three).frames.size());
        assertTrue(owner.events(PartitionEvent.IsrShrunk.class).isEmpty());
    }
}
