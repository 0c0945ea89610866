package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.metadata.PartitionState;
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
    void theOnlyOneGoesOnAndEndsNoEpoch() {
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
    void aReadOfWhatIsLostEndsNoEpochEither() {
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
    void allGoOnWhenAllAreDamaged() {
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
    void aFollowerIsMadeAnewFromOneThatIsWhole() {
        begin(3);
        Incarnation before = cluster.replica(two).incarnation;
        isDamaged(two);
        cluster.run(1_000);
        allAreWholeAgain(before, two);
    }

    @Test
    void aLeaderIsReplacedAndMadeAnew() {
        begin(3);
        Incarnation before = cluster.replica(one).incarnation;
        isDamaged(one);
        cluster.run(1_000);
        assertNotEquals(one, cluster.state.leader().orElseThrow());
        allAreWholeAgain(before, one);
    }

    @Test
    void itIsMadeAnewAsSoonAsAnotherMemberIsWhole() {
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
    void noOtherLogIsMadeAnewFromIt() {
        begin(2);
        Incarnation before = cluster.replica(two).incarnation;
        owner.disconnect(two);
        isDamaged(one);
        comesBackFaulty(two);
        cluster.run(10_000);
        assertEquals(before, cluster.replica(two).incarnation, "it may hold what one has lost");
        isServed();
    }

    @Test
    void whatWasLetGoGoesOnWhenNobodyIsWholeAnyMore() {
        begin(2);
        owner.cutOffFromMetadata = true;
        isDamaged(one);
        cluster.settle();
        assertEquals(1, owner.changes.size(), "the other one is to lead");
        comesBackFaulty(two);
        cluster.settle();
        // Somebody else has changed the state: the change is refused, and decided upon again.
        cluster.version++;
        owner.cutOffFromMetadata = false;
        cluster.run(10_000);
        assertEquals(one, cluster.state.leader().orElseThrow());
        isServed();
    }
}
