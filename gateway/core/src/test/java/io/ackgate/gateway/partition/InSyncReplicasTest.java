package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is in the ISR, who leads, and what that means for the batches under way. */
class InSyncReplicasTest {
    private final NodeId one = new NodeId(1);
    private final NodeId two = new NodeId(2);
    private final NodeId three = new NodeId(3);

    @Test
    void goes_on_without_a_replica_that_is_down() {
        Cluster cluster = new Cluster(3, 2);
        Cluster.Gateway owner = cluster.owner();
        owner.disconnect(three);
        long token = owner.produce(Acks.ALL, "x");
        cluster.settle();
        assertNull(owner.outcome(token), "the ISR still has the one that is down");
        cluster.run(400);
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(token));
        assertEquals(2, cluster.state.isr().size());
    }

    @Test
    void falls_below_min_insync_replicas_after_the_append() {
        Cluster cluster = new Cluster(3, 2);
        Cluster.Gateway owner = cluster.owner();
        owner.disconnect(two);
        owner.disconnect(three);
        long all = owner.produce(Acks.ALL, "x");
        long leader = owner.produce(Acks.LEADER, "y");
        cluster.run(400);
        ProduceOutcome.Failed failed =
                assertInstanceOf(ProduceOutcome.Failed.class, owner.outcome(all));
        assertEquals(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND, failed.error());
        assertEquals(WriteStatus.MAY_HAVE_BEEN_WRITTEN, failed.writeStatus());
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(leader));
        assertEquals(0, owner.partition.status().highWatermark());

        owner.connect(two);
        cluster.settle();
        assertEquals(2, cluster.state.isr().size());
        assertEquals(
                List.of(two),
                owner.events(PartitionEvent.IsrExpanded.class).stream()
                        .map(PartitionEvent.IsrExpanded::node)
                        .toList());
        assertEquals(
                List.of(two, three),
                owner.events(PartitionEvent.IsrShrunk.class).stream()
                        .map(PartitionEvent.IsrShrunk::node)
                        .toList());
        assertEquals(2, owner.partition.status().highWatermark());
        assertEquals(2, cluster.replica(two).frames.size());
        long again = owner.produce(Acks.ALL, "z");
        cluster.settle();
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(again));
    }

    @Test
    void a_retry_that_joined_a_batch_ends_as_its_original_does() {
        Cluster cluster = new Cluster(3, 2);
        Cluster.Gateway owner = cluster.owner();
        owner.disconnect(two);
        owner.disconnect(three);
        long original = owner.produce(Acks.ALL, Cluster.batch(7, (short) 0, 0, "x"), false);
        long retry = owner.produce(Acks.ALL, Cluster.batch(7, (short) 0, 0, "x"), false);
        long leader = owner.produce(Acks.LEADER, Cluster.batch(7, (short) 0, 0, "x"), false);
        cluster.run(400);
        for (long token : List.of(original, retry)) {
            ProduceOutcome.Failed failed =
                    assertInstanceOf(ProduceOutcome.Failed.class, owner.outcome(token));
            assertEquals(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND, failed.error());
            assertEquals(WriteStatus.MAY_HAVE_BEEN_WRITTEN, failed.writeStatus());
        }
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(leader));
    }

    @Test
    void counts_both_isrs_while_a_change_is_on_its_way() {
        Cluster cluster = new Cluster(3, 1);
        Cluster.Gateway owner = cluster.owner();
        owner.cutOffFromMetadata = true;
        owner.disconnect(two);
        owner.disconnect(three);
        cluster.run(400);
        assertFalse(owner.changes.isEmpty(), "the shrink is proposed");
        long token = owner.produce(Acks.ALL, "x");
        cluster.run(100);
        assertNull(owner.outcome(token), "acknowledged on an ISR that nobody has agreed to");
        assertEquals(0, owner.partition.status().highWatermark());
        owner.cutOffFromMetadata = false;
        cluster.settle();
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(token));
    }

    @Test
    void an_addition_of_unknown_outcome_holds_the_high_watermark() {
        Cluster cluster = new Cluster(3, 1);
        Cluster.Gateway owner = cluster.owner();
        owner.disconnect(three);
        cluster.run(400);
        owner.connect(three);
        owner.cutOffFromMetadata = true;
        cluster.settle();
        PartitionEffect.CompareAndSet add = owner.changes.remove();
        assertEquals(3, add.next().isr().size());
        owner.step(new PartitionInput.CasUnknown(add.attempt()));
        // The old version is read back: it proves nothing.
        owner.step(new PartitionInput.StateObserved(cluster.version, cluster.state));
        long token = owner.produce(Acks.ALL, "x");
        owner.deliver(one);
        owner.deliver(two);
        owner.sync(one);
        owner.sync(two);
        owner.receive(one);
        owner.receive(two);
        assertNull(owner.outcome(token), "node-3 may be a member by now");
        cluster.apply(add);
        cluster.settle();
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(token));
    }

    @Test
    void the_leader_dies_and_another_takes_over_in_the_same_epoch() {
        Cluster cluster = new Cluster(3, 2);
        Cluster.Gateway owner = cluster.owner();
        owner.produce(Acks.ALL, "x");
        cluster.settle();
        NodeId leader = cluster.state.leader().orElseThrow();
        owner.disconnect(leader);
        long token = owner.produce(Acks.LEADER, "y");
        cluster.settle();
        assertNull(owner.outcome(token));
        cluster.run(400);
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(token));
        assertEquals(1, cluster.state.leaderEpoch());
        assertEquals(1, owner.events(PartitionEvent.LeaderChanged.class).size());
        assertEquals(2, owner.partition.status().highWatermark());
    }

    @Test
    void acks_one_waits_for_the_new_leader_while_the_change_is_pending() {
        Cluster cluster = new Cluster(3, 2);
        Cluster.Gateway owner = cluster.owner();
        NodeId leader = cluster.state.leader().orElseThrow();
        long token = owner.produce(Acks.LEADER, "x");
        owner.deliver(leader);
        owner.sync(leader);
        owner.cutOffFromMetadata = true;
        // The leader is made to lag: its acknowledgement is on its way and arrives too late.
        List<PartitionInput.Answered> late = List.copyOf(owner.inbox.get(leader));
        for (int i = 0; i < 3_200; i++) {
            cluster.pass(10);
            for (NodeId node : List.of(two, three)) {
                while (owner.deliver(node)) {}
                owner.sync(node);
                while (owner.receive(node)) {}
            }
        }
        assertFalse(owner.changes.isEmpty(), "another leader is proposed");
        late.forEach(owner::step);
        owner.inbox.remove(leader);
        assertInstanceOf(
                ProduceOutcome.Failed.class, owner.outcome(token), "timed out in the meantime");
        long second = owner.produce(Acks.LEADER, "y");
        owner.deliver(leader);
        owner.sync(leader);
        while (owner.receive(leader)) {}
        assertNull(owner.outcome(second), "the old leader may be none by now");
        owner.cutOffFromMetadata = false;
        cluster.settle();
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(second));
    }

    @Test
    void a_newcomer_catches_up_from_the_leaders_disk() {
        Cluster cluster = new Cluster(3, 1);
        Cluster.Gateway owner = cluster.owner();
        owner.disconnect(three);
        cluster.run(400);
        for (int i = 0; i < 100; i++) {
            owner.produce(Acks.ALL, "x" + i);
        }
        cluster.settle();
        assertEquals(0, owner.partition.status().pendingBytes(), "memory is let go of");
        owner.connect(three);
        cluster.run(100);
        assertEquals(100, cluster.replica(three).frames.size());
        assertEquals(3, cluster.state.isr().size());
    }

    @Test
    void a_wiped_disk_is_a_new_replica() {
        Cluster cluster = new Cluster(3, 2);
        Cluster.Gateway owner = cluster.owner();
        owner.produce(Acks.ALL, "x");
        cluster.settle();
        var before = cluster.state.replica(three).orElseThrow().incarnation();
        owner.disconnect(three);
        cluster.replica(three).wipe();
        owner.connect(three);
        owner.deliver(three);
        owner.receive(three);
        assertFalse(owner.changes.isEmpty(), "its new log is recorded before it is made");
        assertTrue(
                owner.outbox.getOrDefault(three, new java.util.ArrayDeque<>()).stream()
                        .noneMatch(send -> send.request() instanceof StorageRequest.Assign));
        cluster.run(100);
        var after = cluster.state.replica(three).orElseThrow();
        assertFalse(before.equals(after.incarnation()));
        assertTrue(after.inSync());
        assertEquals(1, cluster.replica(three).frames.size());
    }

    @Test
    void a_faulty_replica_is_made_anew() {
        Cluster cluster = new Cluster(3, 2);
        Cluster.Gateway owner = cluster.owner();
        owner.produce(Acks.ALL, "x");
        cluster.settle();
        owner.disconnect(two);
        cluster.replica(two).fault = StorageAnswer.Fault.CORRUPT;
        owner.connect(two);
        cluster.run(100);
        assertEquals(3, cluster.state.isr().size());
        assertEquals(1, owner.events(PartitionEvent.ReplicaLost.class).size());
    }

    @Test
    void the_only_member_is_never_replaced_by_an_empty_one() {
        Cluster cluster = new Cluster(1, 1);
        Cluster.Gateway owner = cluster.owner();
        owner.produce(Acks.ALL, "x");
        cluster.settle();
        var before = cluster.state;
        owner.disconnect(one);
        cluster.replica(one).wipe();
        owner.connect(one);
        cluster.run(1_000);
        assertEquals(before, cluster.state);
    }

    @Test
    void a_full_disk_is_passed_by_and_comes_back() {
        Cluster cluster = new Cluster(3, 2);
        Cluster.Gateway owner = cluster.owner();
        NodeId follower = cluster.state.leader().orElseThrow().equals(three) ? two : three;
        cluster.replica(follower).diskFull = true;
        long token = owner.produce(Acks.ALL, "x");
        cluster.run(100);
        assertNull(owner.outcome(token));
        cluster.run(500);
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(token));
        assertEquals(2, cluster.state.isr().size());
        cluster.replica(follower).diskFull = false;
        cluster.run(500);
        assertEquals(3, cluster.state.isr().size());
        assertEquals(1, cluster.replica(follower).frames.size());
    }

    @Test
    void a_leader_with_a_full_disk_is_replaced() {
        Cluster cluster = new Cluster(3, 2);
        Cluster.Gateway owner = cluster.owner();
        NodeId leader = cluster.state.leader().orElseThrow();
        cluster.replica(leader).diskFull = true;
        long token = owner.produce(Acks.LEADER, "x");
        cluster.run(600);
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(token));
        assertFalse(leader.equals(cluster.state.leader().orElseThrow()));
    }
}
