package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageRequest;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is under way at an owner when something changes: retries, settings, replicas far behind. */
class OwnerUnderWayTest {
    private final NodeId one = new NodeId(1);
    private final NodeId two = new NodeId(2);
    private final NodeId three = new NodeId(3);

    private static long retry(Cluster.Gateway owner) {
        owner.produce(Acks.ALL, Cluster.batch(7, (short) 0, 0, "x"), false);
        return owner.produce(Acks.ALL, Cluster.batch(7, (short) 0, 0, "x"), false);
    }

    private static ProduceOutcome.Failed failed(Cluster.Gateway owner, long token) {
        return assertInstanceOf(ProduceOutcome.Failed.class, owner.outcome(token));
    }

    @Test
    void a_retry_that_joined_a_batch_is_answered_when_its_owner_stops() {
        Cluster cluster = new Cluster(3, 2);
        Cluster.Gateway owner = cluster.owner();
        long retry = retry(owner);
        owner.step(new PartitionInput.Resign("test"));
        assertEquals(ErrorCode.NOT_LEADER_OR_FOLLOWER, failed(owner, retry).error());
        assertEquals(WriteStatus.MAY_HAVE_BEEN_WRITTEN, failed(owner, retry).writeStatus());
    }

    @Test
    void a_retry_that_joined_a_batch_is_answered_when_its_time_is_up() {
        Cluster cluster = new Cluster(3, 2);
        Cluster.Gateway owner = cluster.owner();
        long retry = retry(owner);
        cluster.pass(1_100);
        assertEquals(ErrorCode.REQUEST_TIMED_OUT, failed(owner, retry).error());
    }

    /** An owner with two members, to which the third is being added. */
    private static Cluster.Gateway adding(Cluster cluster, NodeId node) {
        Cluster.Gateway owner = cluster.owner();
        owner.disconnect(node);
        cluster.run(400);
        assertEquals(2, cluster.state.isr().size());
        owner.cutOffFromMetadata = true;
        owner.connect(node);
        cluster.settle();
        assertEquals(3, owner.changes.getFirst().next().isr().size());
        return owner;
    }

    @Test
    void a_member_that_is_being_added_does_not_count_for_min_insync_replicas() {
        Cluster cluster = new Cluster(3, 3);
        Cluster.Gateway owner = adding(cluster, three);
        long token = owner.produce(Acks.ALL, "x");
        assertEquals(ErrorCode.NOT_ENOUGH_REPLICAS, failed(owner, token).error());
        assertEquals(WriteStatus.NOT_WRITTEN, failed(owner, token).writeStatus());
    }

    @Test
    void nor_does_it_when_the_minimum_is_raised() {
        Cluster cluster = new Cluster(3, 2);
        Cluster.Gateway owner = adding(cluster, three);
        long token = owner.produce(Acks.ALL, "x");
        owner.step(new PartitionInput.Reconfigured(cluster.settings.withMinInsyncReplicas(3)));
        assertEquals(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND, failed(owner, token).error());
    }

    @Test
    void a_lower_minimum_commits_what_waited_for_it() {
        Cluster cluster = new Cluster(3, 3);
        Cluster.Gateway owner = cluster.owner();
        owner.disconnect(three);
        cluster.run(400);
        owner.produce(Acks.LEADER, "x");
        cluster.settle();
        assertEquals(0, owner.partition.status().highWatermark());
        owner.step(new PartitionInput.Reconfigured(cluster.settings.withMinInsyncReplicas(2)));
        assertEquals(1, owner.partition.status().highWatermark(), "at once, without another ack");
    }

    @Test
    void settings_reach_the_replicas_at_once_and_those_that_reconcile_later() {
        Cluster cluster = new Cluster(3, 2);
        Cluster.Gateway owner = cluster.owner();
        owner.disconnect(three);
        ReplicaSettings changed = new ReplicaSettings(Durability.FSYNC, 1 << 20, 1, 2, 3, 4);
        owner.step(new PartitionInput.Reconfigured(cluster.settings.withReplica(changed)));
        cluster.settle();
        assertEquals(changed, cluster.replica(one).settings);
        assertEquals(changed, cluster.replica(two).settings);
        owner.connect(three);
        cluster.settle();
        assertEquals(changed, cluster.replica(three).settings);
    }

    @Test
    void a_replica_that_is_always_a_little_behind_does_not_lag() {
        Cluster cluster = new Cluster(3, 1);
        Cluster.Gateway owner = cluster.owner();
        owner.produce(Acks.LEADER, "first");
        for (int i = 0; i < 800; i++) {
            // Node 3 takes each batch after the next one has been appended.
            owner.produce(Acks.LEADER, "x" + i);
            for (NodeId node : cluster.nodes) {
                int left = node.equals(three) ? 1 : 0;
                while (owner.outbox.getOrDefault(node, new ArrayDeque<>()).size() > left) {
                    owner.deliver(node);
                }
                owner.sync(node);
                while (owner.receive(node)) {}
            }
            while (owner.store()) {}
            cluster.pass(50);
        }
        assertTrue(owner.partition.status().replicas().get(2).lag() > 0);
        assertEquals(3, cluster.state.isr().size());
    }

    @Test
    void what_a_replica_needs_next_stays_in_memory_while_it_catches_up() {
        Cluster cluster = new Cluster(3, 1);
        Cluster.Gateway owner = cluster.owner();
        owner.disconnect(three);
        cluster.run(400);
        for (int i = 0; i < 10; i++) {
            owner.produce(Acks.ALL, "x" + i);
        }
        cluster.settle();
        assertEquals(0, owner.partition.status().pendingBytes());
        owner.connect(three);
        // It is reconciled, and what it lacks is being read from the leader's disk.
        while (owner.deliver(three) || owner.receive(three)) {}
        assertInstanceOf(StorageRequest.Read.class, Cluster.lastRequest(owner, one));
        long token = owner.produce(Acks.ALL, "y");
        for (NodeId node : List.of(one, two)) {
            while (owner.deliver(node)) {}
            owner.sync(node);
        }
        while (owner.receive(two)) {}
        // The acknowledgement overtakes the answer to the read.
        owner.step(owner.inbox.getOrDefault(one, new ArrayDeque<>()).removeLast());
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(token));
        assertTrue(
                owner.partition.status().pendingBytes() > 0,
                "every member holds it, but the one that catches up does not");
        cluster.settle();
        assertEquals(11, cluster.replica(three).frames.size());
    }

    @Test
    void what_was_asked_of_a_leader_is_asked_of_the_next_one() {
        Cluster cluster = new Cluster(3, 1);
        Cluster.Gateway owner = cluster.owner();
        owner.produce(Acks.ALL, "x");
        cluster.run(20);
        // The leader stays connected, and neither takes nor answers anything any more.
        owner.produce(Acks.LEADER, "y");
        for (int i = 0; i < 3_200; i++) {
            if (i == 2_000) {
                long deadline = cluster.now + 120_000_000_000L;
                owner.step(new PartitionInput.Fetch(999, 0, 1 << 20, 1, deadline));
                assertInstanceOf(StorageRequest.Read.class, Cluster.lastRequest(owner, one));
            }
            owner.outbox.remove(one);
            cluster.pass(10);
            cluster.settle();
        }
        assertEquals(two, cluster.state.leader().orElseThrow());
        assertInstanceOf(FetchOutcome.Fetched.class, owner.replies.get(999L));
    }
}
