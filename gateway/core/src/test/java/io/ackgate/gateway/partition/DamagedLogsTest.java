package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Fault;
import org.junit.jupiter.api.Test;

/** Which of the damaged logs is let go and when, and what becomes of one that was let go. */
class DamagedLogsTest {
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

    /** What is stored of the others while a log is made anew. */
    private void assertTheIsrNeverFellBelow(int size) {
        for (PartitionEvent.IsrShrunk shrunk : owner.events(PartitionEvent.IsrShrunk.class)) {
            assertTrue(shrunk.state().isr().size() >= size, shrunk.toString());
        }
    }

    @Test
    void one_is_made_anew_at_a_time() {
        begin(4);
        NodeId three = new NodeId(3);
        Incarnation ofOne = cluster.replica(one).incarnation;
        Incarnation ofThree = cluster.replica(three).incarnation;
        isDamaged(one);
        isDamaged(three);
        assertEquals(1, owner.changes.size(), "another one is to lead");
        cluster.run(2_000);
        assertEquals(two, cluster.state.leader().orElseThrow());
        assertTheIsrNeverFellBelow(3);
        assertNotEquals(ofThree, cluster.replica(three).incarnation);
        allAreWholeAgain(ofOne, one);
    }

    @Test
    void none_is_made_anew_while_another_is_not_back() {
        begin(3);
        Incarnation ofOne = cluster.replica(one).incarnation;
        Incarnation ofTwo = cluster.replica(two).incarnation;
        isDamaged(one);
        while (ofOne.equals(cluster.replica(one).incarnation)) {
            assertTrue(owner.store() || owner.deliver(one), "it is made anew");
        }
        isDamaged(two);
        while (owner.store()) {}
        cluster.pass(200);
        while (owner.store()) {}
        assertTrue(cluster.state.isInSync(two, ofTwo), "one is not back in the ISR");
        cluster.run(2_000);
        assertNotEquals(ofTwo, cluster.replica(two).incarnation);
        assertTheIsrNeverFellBelow(2);
        allAreWholeAgain(ofOne, one);
    }

    @Test
    void the_lead_moves_at_once_though_no_log_may_be_made_anew() {
        begin(3);
        Incarnation before = cluster.replica(one).incarnation;
        owner.disconnect(two);
        cluster.run(1_000);
        isDamaged(one);
        cluster.run(1_000);
        assertEquals(new NodeId(3), cluster.state.leader().orElseThrow());
        assertTrue(cluster.state.isInSync(one, before));
        owner.connect(two);
        cluster.run(1_000);
        allAreWholeAgain(before, one);
    }

    /** It is the nearest: each time another holds what it held, it holds more. */
    @Test
    void one_that_is_always_ahead_of_the_others_is_made_anew() {
        begin(2);
        Incarnation before = cluster.replica(one).incarnation;
        isDamaged(one);
        for (int i = 0; i < 10; i++) {
            owner.produce(Acks.LEADER, "more");
            while (owner.deliver(one)) {}
            owner.sync(one);
            while (owner.receive(one)) {}
            if (i == 0) {
                owner.store();
                assertEquals(two, cluster.state.leader().orElseThrow());
            } else {
                // The other one takes what it was sent before, and not the newest batch.
                owner.deliver(two);
                owner.sync(two);
                while (owner.receive(two)) {}
            }
        }
        assertEquals(1, owner.events(PartitionEvent.ReplicaLost.class).size());
        cluster.run(1_000);
        assertNotEquals(before, cluster.replica(one).incarnation);
        assertEquals(2, cluster.state.isr().size());
        cluster.nodes.forEach(node -> assertEquals(11, cluster.replica(node).frames.size()));
        isServed();
    }

    /** Two leads by then; its new log is stored, and the assignment is not sent yet. */
    private Incarnation oneIsLetGo() {
        begin(2);
        Incarnation before = cluster.replica(one).incarnation;
        isDamaged(one);
        owner.store();
        assertEquals(two, cluster.state.leader().orElseThrow());
        assertEquals(1, owner.changes.size(), "the old leader is to have another log");
        return before;
    }

    @Test
    void what_was_let_go_is_kept_under_its_new_name_when_the_other_is_damaged_too() {
        Incarnation before = oneIsLetGo();
        Incarnation ofTwo = cluster.replica(two).incarnation;
        isDamaged(two);
        cluster.run(2_000);
        assertNotEquals(before, cluster.replica(one).incarnation);
        assertTrue(cluster.state.isInSync(one, cluster.replica(one).incarnation));
        assertTrue(cluster.state.isInSync(two, ofTwo), "one is as damaged as before");
        cluster.nodes.forEach(node -> assertEquals(1, cluster.replica(node).frames.size()));
        isServed();
    }

    @Test
    void what_was_let_go_is_kept_under_its_new_name_when_the_other_is_faulty() {
        oneIsLetGo();
        comesBackFaulty(two);
        while (owner.deliver(two) || owner.receive(two)) {}
        cluster.run(2_000);
        assertEquals(one, cluster.state.leader().orElseThrow());
        assertEquals(1, cluster.replica(one).frames.size());
        isServed();
    }

    @Test
    void what_was_let_go_is_kept_though_its_node_has_not_heard_of_it() {
        Incarnation before = oneIsLetGo();
        isDamaged(two);
        owner.store();
        owner.disconnect(one);
        assertEquals(before, cluster.replica(one).incarnation);
        owner.connect(one);
        cluster.run(2_000);
        assertEquals(2, cluster.state.isr().size());
        cluster.nodes.forEach(node -> assertEquals(1, cluster.replica(node).frames.size()));
        isServed();
    }

    /** The other one leads no more since its disk gave nothing: it cannot be asked for the rest. */
    @Test
    void a_leader_keeps_its_log_while_the_other_cannot_be_read() {
        begin(2);
        cluster.replica(one).unreadable = true;
        for (int i = 0; i < 100 && cluster.state.leader().orElseThrow().equals(one); i++) {
            owner.fetch(0);
            cluster.run(50);
        }
        assertEquals(two, cluster.state.leader().orElseThrow());
        Incarnation before = cluster.replica(two).incarnation;
        isDamaged(two);
        cluster.run(1_000);
        assertEquals(two, cluster.state.leader().orElseThrow());
        assertTrue(cluster.state.isInSync(two, before));
    }

    @Test
    void a_damaged_follower_of_a_damaged_leader_goes_on() {
        begin(2);
        Incarnation before = cluster.replica(two).incarnation;
        owner.cutOffFromMetadata = true;
        isDamaged(one);
        isDamaged(two);
        owner.cutOffFromMetadata = false;
        cluster.run(10_000);
        assertTrue(cluster.state.isInSync(two, before));
        assertEquals(0, owner.events(PartitionEvent.ReplicaLost.class).size());
        isServed();
    }

    /** A gateway that has heard nothing of the damage owns the partition from now on. */
    private void anotherOwnerTakesOver() {
        cluster.nodes.forEach(owner::disconnect);
        owner = cluster.owner();
    }

    /** The two have lost different records, and hold all of them together. */
    @Test
    void both_go_on_in_an_epoch_that_begins_with_two_damaged_logs() {
        begin(2);
        Incarnation ofOne = cluster.replica(one).incarnation;
        Incarnation ofTwo = cluster.replica(two).incarnation;
        cluster.replica(one).damaged = true;
        cluster.replica(two).damaged = true;
        anotherOwnerTakesOver();
        assertEquals(2, owner.events(PartitionEvent.ReplicaDamaged.class).size());
        cluster.run(2_000);
        assertTrue(cluster.state.isInSync(one, ofOne));
        assertTrue(cluster.state.isInSync(two, ofTwo));
        assertEquals(0, owner.events(PartitionEvent.ReplicaLost.class).size());
        isServed();
    }

    @Test
    void what_an_earlier_owner_let_go_is_kept_when_the_other_is_damaged_by_then() {
        Incarnation before = oneIsLetGo();
        Incarnation ofTwo = cluster.replica(two).incarnation;
        owner.store();
        assertNotEquals(before, cluster.state.replica(one).orElseThrow().incarnation());
        assertEquals(before, cluster.replica(one).incarnation, "it has not heard of it");
        cluster.replica(one).damaged = true;
        cluster.replica(two).damaged = true;
        anotherOwnerTakesOver();
        cluster.run(2_000);
        assertTrue(cluster.state.isInSync(one, cluster.replica(one).incarnation));
        assertTrue(cluster.state.isInSync(two, ofTwo), "one is as damaged as before");
        cluster.nodes.forEach(node -> assertEquals(1, cluster.replica(node).frames.size()));
        isServed();
    }

    @Test
    void what_was_let_go_and_is_whole_is_not_emptied_when_its_new_name_is_stored() {
        Incarnation before = oneIsLetGo();
        owner.hears(one, new StorageAnswer.Whole(Cluster.ID, cluster.state.leaderEpoch(), before));
        for (int i = 0; i < 200; i++) {
            // What is emptied now stays so: nothing is delivered to the other one.
            while (owner.store() || owner.deliver(one) || owner.receive(one)) {
                assertEquals(1, cluster.replica(one).frames.size());
            }
            cluster.pass(10);
        }
        allAreWholeAgain(before, one);
    }
}
