package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;

/** What an owner leaves alone while nobody is there who holds what is committed. */
class LastReplicaTest {
    private final NodeId one = new NodeId(1);
    private final NodeId two = new NodeId(2);
    private final NodeId three = new NodeId(3);
    private final Cluster cluster = new Cluster(3, 2);
    private final Cluster.Gateway owner = cluster.owner();

    LastReplicaTest() {
        owner.produce(Acks.ALL, "x");
        cluster.run(20);
        assertEquals(one, cluster.state.leader().orElseThrow());
    }

    private boolean isToBeEmptied(NodeId node) {
        return owner.outbox.getOrDefault(node, new ArrayDeque<>()).stream()
                .map(PartitionEffect.Send::request)
                .anyMatch(r -> r instanceof StorageRequest.Assign assign && !assign.keepLog());
    }

    private void isKept(NodeId node, PartitionState state) {
        assertEquals(1, cluster.replica(node).frames.size(), "the log of " + node);
        assertEquals(state, cluster.state);
    }

    @Test
    void the_isr_stays_as_it_is_while_the_leader_and_all_others_are_gone() {
        PartitionState before = cluster.state;
        cluster.nodes.forEach(owner::disconnect);
        cluster.run(60_000);
        assertEquals(before, cluster.state);

        // The leader never comes back: the others hold everything, and may lead.
        owner.connect(two);
        owner.connect(three);
        cluster.settle();
        assertEquals(2, cluster.state.isr().size());
        assertEquals(two, cluster.state.leader().orElseThrow());
        long token = owner.produce(Acks.ALL, "y");
        cluster.settle();
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(token));
    }

    @Test
    void another_owner_finds_who_holds_everything_though_the_leader_is_lost() {
        cluster.nodes.forEach(owner::disconnect);
        cluster.run(2_000);
        owner.step(new PartitionInput.Resign("it is killed"));
        Cluster.Gateway next = cluster.gateway();
        next.disconnect(one);
        next.takeOver();
        cluster.run(400);
        assertEquals(PartitionStatus.Phase.SERVING, next.partition.status().phase());
        assertEquals(1, next.partition.status().highWatermark());
    }

    @Test
    void a_faulty_follower_keeps_its_log_until_another_member_is_known_to_be_whole() {
        PartitionState before = cluster.state;
        owner.disconnect(one);
        owner.disconnect(three);
        cluster.replica(two).fault = StorageAnswer.Fault.CORRUPT;
        owner.disconnect(two);
        owner.connect(two);
        cluster.run(3_000);
        isKept(two, before);

        owner.connect(one);
        cluster.run(6_000);
        assertNotEquals(
                before.replica(two).orElseThrow().incarnation(),
                cluster.state.replica(two).orElseThrow().incarnation());
        assertTrue(cluster.state.isInSync(two, cluster.replica(two).incarnation));
    }

    @Test
    void a_fault_that_passes_costs_no_log() {
        PartitionState before = cluster.state;
        owner.disconnect(two);
        owner.disconnect(three);
        owner.disconnect(one);
        cluster.replica(one).fault = StorageAnswer.Fault.IO_ERROR;
        owner.connect(one);
        cluster.run(20_000);
        isKept(one, before);
        int asked = owner.events(PartitionEvent.ReplicaLost.class).size();
        assertTrue(asked > 2 && asked < 20, "asked again, with growing pauses: " + asked);

        cluster.replica(one).fault = null;
        cluster.run(6_000);
        assertEquals(
                PartitionStatus.Stage.RECONCILED,
                owner.partition.status().replicas().get(0).stage());
        assertEquals(1, cluster.replica(one).frames.size());
        long token = owner.produce(Acks.LEADER, "y");
        cluster.settle();
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(token));
    }

    @Test
    void no_empty_log_is_assigned_when_the_whole_one_is_gone_meanwhile() {
        owner.cutOffFromMetadata = true;
        owner.disconnect(two);
        cluster.replica(two).wipe();
        cluster.replica(two).exists = true;
        cluster.replica(two).fault = StorageAnswer.Fault.CORRUPT;
        owner.connect(two);
        cluster.settle();
        assertFalse(owner.changes.isEmpty(), "a new log is recorded");
        owner.disconnect(one);
        owner.disconnect(three);
        owner.cutOffFromMetadata = false;
        while (owner.store()) {}
        assertFalse(isToBeEmptied(two), "nobody is left who holds what is committed");
        owner.connect(one);
        cluster.run(6_000);
        assertEquals(1, cluster.replica(two).frames.size(), "made anew from node-1");
    }

    @Test
    void an_owner_vouches_for_logs_that_lost_their_names_all_at_once() {
        cluster.nodes.forEach(owner::disconnect);
        cluster.nodes.forEach(node -> cluster.replica(node).incarnation = Incarnation.NONE);
        cluster.nodes.forEach(owner::connect);
        cluster.run(6_000);
        assertEquals(3, cluster.state.isr().size());
        assertEquals(1, cluster.state.leaderEpoch());
        cluster.nodes.forEach(node -> assertEquals(1, cluster.replica(node).frames.size()));
        long token = owner.produce(Acks.ALL, "y");
        cluster.settle();
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(token));
    }

    @Test
    void a_member_keeps_its_log_wherever_the_leaders_starts() {
        // The leader's retention has taken all, and its owner has seen that.
        cluster.replica(one).frames.clear();
        cluster.replica(one).synced = 0;
        cluster.replica(one).logStart = 1;
        owner.fetch(0);
        cluster.settle();
        // Node 2 loses what it held, under the name that it had.
        owner.disconnect(two);
        cluster.replica(two).frames.clear();
        cluster.replica(two).synced = 0;
        cluster.replica(two).highWatermark = 0;
        owner.connect(two);
        cluster.settle();
        assertEquals(0, cluster.replica(two).logStart, "a member does not begin again");
        cluster.run(1_000);
        assertEquals(1, owner.events(PartitionEvent.IsrShrunk.class).size());
        assertEquals(1, cluster.replica(two).logStart, "it has left the ISR before it did");
        assertEquals(3, cluster.state.isr().size());
        assertEquals(1, cluster.replica(three).frames.size(), "a member that holds more");
    }
}
