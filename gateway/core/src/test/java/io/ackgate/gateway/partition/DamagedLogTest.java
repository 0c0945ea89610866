package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Fault;
import org.junit.jupiter.api.Test;

/** A log in which bytes are lost, and all else is in use: it answers each fence as before. */
class DamagedLogTest {
    private final NodeId one = new NodeId(1);
    private final NodeId two = new NodeId(2);

    private Cluster cluster = new Cluster(1, 1);
    private Cluster.Gateway owner = cluster.owner();

    private void begin(int replicas) {
        cluster = new Cluster(replicas, 1);
        owner = cluster.owner();
        owner.produce(Acks.ALL, "x");
        cluster.run(20);
        assertEquals(one, cluster.state.leader().orElseThrow());
    }

    private void isDamaged(NodeId node) {
        owner.hears(
                node,
                new StorageAnswer.Damaged(
                        Cluster.ID,
                        cluster.state.leaderEpoch(),
                        cluster.replica(node).incarnation,
                        Fault.CORRUPT,
                        "a bit"));
    }

    private void isWhole(NodeId node) {
        owner.hears(
                node,
                new StorageAnswer.Whole(
                        Cluster.ID,
                        cluster.state.leaderEpoch(),
                        cluster.replica(node).incarnation));
    }

    private void comesBackEmpty(NodeId node) {
        owner.disconnect(node);
        cluster.replica(node).wipe();
        owner.connect(node);
    }

    private void comesBackFaulty(NodeId node) {
        owner.disconnect(node);
        cluster.replica(node).fault = Fault.CORRUPT;
        owner.connect(node);
    }

    private void isServed() {
        assertEquals(0, owner.events(PartitionEvent.Stopped.class).size());
        long token = owner.produce(Acks.ALL, "y");
        cluster.settle();
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(token));
        long read = owner.fetch(0);
        cluster.settle();
        assertInstanceOf(FetchOutcome.Fetched.class, owner.replies.get(read));
    }

    private void allAreWholeAgain(Incarnation before, NodeId node) {
        assertNotEquals(before, cluster.replica(node).incarnation);
        assertTrue(cluster.state.isInSync(node, cluster.replica(node).incarnation));
        assertEquals(cluster.nodes.size(), cluster.state.isr().size());
        assertEquals(1, cluster.replica(node).frames.size());
        isServed();
    }

    @Test
    void the_only_one_goes_on_and_ends_no_epoch() {
        begin(1);
        PartitionState before = cluster.state;
        long underWay = owner.produce(Acks.ALL, "under way");
        isDamaged(one);
        assertNull(owner.outcome(underWay));
        cluster.settle();
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(underWay));
        for (int i = 0; i < 3; i++) {
            isDamaged(one);
            cluster.run(10_000);
        }
        assertEquals(1, owner.events(PartitionEvent.ReplicaDamaged.class).size(), "told once");
        assertEquals(before, cluster.state);
        isServed();
    }

    @Test
    void a_read_of_what_is_lost_ends_no_epoch_either() {
        begin(1);
        PartitionState before = cluster.state;
        cluster.replica(one).rotten = true;
        for (int i = 0; i < 3; i++) {
            long underWay = owner.produce(Acks.ALL, "under way");
            long read = owner.fetch(0);
            cluster.settle();
            assertInstanceOf(FetchOutcome.Unavailable.class, owner.replies.get(read));
            assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(underWay));
            cluster.run(10_000);
        }
        assertEquals(before, cluster.state);
        cluster.replica(one).rotten = false;
        isServed();
    }

    @Test
    void all_go_on_when_all_are_damaged() {
        begin(3);
        PartitionState before = cluster.state;
        owner.cutOffFromMetadata = true;
        owner.disconnect(new NodeId(3));
        cluster.run(400);
        assertEquals(1, owner.changes.size(), "another change is under way");
        cluster.nodes.stream().filter(owner.streams::containsKey).forEach(this::isDamaged);
        owner.cutOffFromMetadata = false;
        cluster.settle();
        owner.connect(new NodeId(3));
        isDamaged(new NodeId(3));
        cluster.run(10_000);
        assertEquals(before.replicas(), cluster.state.replicas());
        cluster.nodes.forEach(node -> assertEquals(1, cluster.replica(node).frames.size()));
        isServed();
    }

    @Test
    void a_follower_is_made_anew_from_one_that_is_whole() {
        begin(3);
        Incarnation before = cluster.replica(two).incarnation;
        isDamaged(two);
        cluster.run(1_000);
        allAreWholeAgain(before, two);
    }

    @Test
    void a_leader_is_replaced_and_made_anew() {
        begin(3);
        Incarnation before = cluster.replica(one).incarnation;
        isDamaged(one);
        cluster.run(1_000);
        assertNotEquals(one, cluster.state.leader().orElseThrow());
        allAreWholeAgain(before, one);
    }

    @Test
    void it_is_made_anew_as_soon_as_another_member_is_whole() {
        begin(2);
        Incarnation before = cluster.replica(one).incarnation;
        owner.disconnect(two);
        cluster.run(2_000);
        assertEquals(1, cluster.state.isr().size());
        isDamaged(one);
        cluster.run(10_000);
        assertEquals(before, cluster.replica(one).incarnation);

        owner.connect(two);
        cluster.run(1_000);
        assertEquals(two, cluster.state.leader().orElseThrow());
        allAreWholeAgain(before, one);
    }

    @Test
    void no_other_log_is_made_anew_from_it() {
        begin(2);
        Incarnation before = cluster.replica(two).incarnation;
        owner.disconnect(two);
        isDamaged(one);
        comesBackFaulty(two);
        cluster.run(10_000);
        assertEquals(before, cluster.replica(two).incarnation, "it may hold what one has lost");
        isServed();
    }

    /** The only member is damaged, and a replica that was in sync before comes back. */
    private void theOnlyMemberIsDamaged() {
        begin(2);
        owner.disconnect(two);
        cluster.run(2_000);
        assertEquals(1, cluster.state.isr().size());
        isDamaged(one);
    }

    @Test
    void a_replica_without_a_log_begins_beside_it() {
        theOnlyMemberIsDamaged();
        Incarnation before = cluster.replica(one).incarnation;
        comesBackEmpty(two);
        cluster.run(2_000);
        // Node 2 has got all of it, so that all of it can be read: it takes the place of the other.
        allAreWholeAgain(before, one);
    }

    @Test
    void it_gets_what_can_be_read_there_and_is_not_in_sync() {
        theOnlyMemberIsDamaged();
        cluster.replica(one).badOffset = 0;
        comesBackEmpty(two);
        cluster.run(2_000);
        assertTrue(cluster.replica(two).exists);
        assertEquals(0, cluster.replica(two).frames.size());
        assertEquals(1, cluster.state.isr().size());
        assertEquals(1, cluster.replica(one).frames.size());
    }

    @Test
    void a_member_that_has_no_log_leaves_the_isr_before_it_begins() {
        begin(2);
        PartitionState before = cluster.state;
        owner.disconnect(two);
        isDamaged(one);
        owner.cutOffFromMetadata = true;
        comesBackEmpty(two);
        cluster.run(10_000);
        assertEquals(before, cluster.state);
        ReplicaRef next = owner.changes.getFirst().next().replica(two).orElseThrow();
        assertEquals(before.replica(two).orElseThrow().withInSync(false), next);
        assertFalse(cluster.replica(two).exists);
        owner.cutOffFromMetadata = false;
        cluster.run(2_000);
        assertEquals(2, cluster.state.isr().size());
    }

    @Test
    void a_log_that_is_there_is_not_replaced_though_its_node_found_none_before() {
        theOnlyMemberIsDamaged();
        owner.cutOffFromMetadata = true;
        comesBackEmpty(two);
        cluster.settle();
        assertEquals(1, owner.changes.size(), "a new log is recorded");
        owner.disconnect(two);
        cluster.replica(two).exists = true;
        cluster.replica(two).fault = Fault.CORRUPT;
        owner.connect(two);
        cluster.settle();
        owner.cutOffFromMetadata = false;
        cluster.run(10_000);
        assertEquals(Fault.CORRUPT, cluster.replica(two).fault, "it is there as it was");
    }

    @Test
    void what_is_taken_back_holds_nobody_up_any_more() {
        begin(2);
        owner.disconnect(two);
        isDamaged(one);
        comesBackFaulty(two);
        cluster.run(10_000);
        assertEquals(Fault.CORRUPT, cluster.replica(two).fault);
        Incarnation before = cluster.replica(two).incarnation;
        isWhole(one);
        assertEquals(1, owner.events(PartitionEvent.ReplicaWhole.class).size());
        cluster.run(1_000);
        assertEquals(one, cluster.state.leader().orElseThrow());
        allAreWholeAgain(before, two);
    }

    @Test
    void what_is_taken_back_of_another_log_says_nothing() {
        begin(2);
        owner.disconnect(two);
        isDamaged(one);
        comesBackFaulty(two);
        int epoch = cluster.state.leaderEpoch();
        Incarnation log = cluster.replica(one).incarnation;
        owner.hears(one, new StorageAnswer.Whole(Cluster.ID, epoch, Incarnation.of(9, 9)));
        owner.hears(one, new StorageAnswer.Whole(Cluster.ID, epoch - 1, log));
        cluster.run(10_000);
        assertEquals(Fault.CORRUPT, cluster.replica(two).fault);
        isWhole(one);
        isDamaged(one);
        cluster.run(10_000);
        assertEquals(Fault.CORRUPT, cluster.replica(two).fault, "what was said last holds");
    }

    @Test
    void what_the_owner_has_read_itself_is_not_taken_back() {
        begin(2);
        owner.disconnect(two);
        isDamaged(one);
        cluster.replica(one).rotten = true;
        owner.fetch(0);
        cluster.settle();
        isWhole(one);
        comesBackFaulty(two);
        cluster.run(10_000);
        assertEquals(Fault.CORRUPT, cluster.replica(two).fault);
        assertEquals(0, owner.events(PartitionEvent.ReplicaWhole.class).size());
    }

    @Test
    void a_log_that_was_let_go_and_is_whole_returns() {
        begin(2);
        Incarnation before = cluster.replica(one).incarnation;
        isDamaged(one);
        owner.store();
        assertEquals(two, cluster.state.leader().orElseThrow());
        owner.cutOffFromMetadata = true;
        cluster.settle();
        assertEquals(1, owner.changes.size(), "one is to have another log");
        comesBackFaulty(two);
        isWhole(one);
        cluster.settle();
        cluster.version++;
        owner.cutOffFromMetadata = false;
        cluster.run(3_000);
        assertEquals(before, cluster.replica(one).incarnation);
        assertEquals(one, cluster.state.leader().orElseThrow());
        isServed();
    }

    @Test
    void what_was_let_go_goes_on_when_nobody_is_whole_any_more() {
        begin(2);
        isDamaged(one);
        owner.store();
        assertEquals(two, cluster.state.leader().orElseThrow());
        owner.cutOffFromMetadata = true;
        cluster.settle();
        assertEquals(1, owner.changes.size(), "one is to have another log");
        comesBackFaulty(two);
        cluster.settle();
        // Somebody else has changed the state: the change is refused, and decided upon again.
        cluster.version++;
        owner.cutOffFromMetadata = false;
        cluster.run(10_000);
        assertEquals(one, cluster.state.leader().orElseThrow());
        isServed();
    }

    /** Written and acknowledged at acks=1 by the leader, which is damaged then. */
    private void aDamagedLeaderHasAcknowledged(NodeId... others) {
        long token = owner.produce(Acks.LEADER, "y");
        for (NodeId node : others) {
            arrivesAt(node);
        }
        arrivesAt(one);
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(token));
        isDamaged(one);
        owner.store();
        assertEquals(two, cluster.state.leader().orElseThrow());
    }

    private void arrivesAt(NodeId node) {
        while (owner.deliver(node)) {}
        owner.sync(node);
        while (owner.receive(node)) {}
    }

    @Test
    void a_leader_is_kept_until_another_holds_what_it_acknowledged() {
        begin(2);
        Incarnation before = cluster.replica(one).incarnation;
        aDamagedLeaderHasAcknowledged();
        assertEquals(0, owner.events(PartitionEvent.ReplicaLost.class).size());
        arrivesAt(two);
        assertEquals(1, owner.events(PartitionEvent.ReplicaLost.class).size());
        cluster.run(1_000);
        assertNotEquals(before, cluster.replica(one).incarnation);
        cluster.nodes.forEach(node -> assertEquals(2, cluster.replica(node).frames.size()));
        isServed();
    }

    @Test
    void and_is_not_emptied_when_the_one_that_holds_it_is_gone() {
        begin(3);
        aDamagedLeaderHasAcknowledged(two);
        assertEquals(1, owner.events(PartitionEvent.ReplicaLost.class).size());
        owner.disconnect(two);
        owner.store();
        while (owner.deliver(one) || owner.receive(one)) {}
        assertEquals(2, cluster.replica(one).frames.size());
        cluster.run(2_000);
        owner.connect(two);
        cluster.run(2_000);
        cluster.nodes.forEach(node -> assertEquals(2, cluster.replica(node).frames.size()));
        isServed();
    }
}
