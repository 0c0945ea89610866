package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.record.BatchFrame;
import io.ackgate.storage.api.NodeId;
import org.junit.jupiter.api.Test;

/** One owner after the other, and both at once. */
class TakeoverTest {
    private final NodeId one = new NodeId(1);
    private final NodeId two = new NodeId(2);
    private final NodeId three = new NodeId(3);

    @Test
    void what_was_committed_is_there_and_what_was_not_is_settled() {
        Cluster cluster = new Cluster(3, 2);
        Cluster.Gateway first = cluster.owner();
        long committed = first.produce(Acks.ALL, "x");
        cluster.settle();
        assertInstanceOf(ProduceOutcome.Written.class, first.outcome(committed));
        long open = first.produce(Acks.ALL, "y");
        first.deliver(two);
        first.outbox.clear();
        first.step(new PartitionInput.Resign("its lease ran out"));
        assertEquals(
                WriteStatus.MAY_HAVE_BEEN_WRITTEN,
                assertInstanceOf(ProduceOutcome.Failed.class, first.outcome(open)).writeStatus());

        Cluster.Gateway second = cluster.owner();
        assertEquals(2, cluster.state.leaderEpoch());
        assertEquals(two, cluster.state.leader().orElseThrow(), "it has the longest log");
        assertEquals(2, second.partition.status().highWatermark());
        for (NodeId node : cluster.nodes) {
            assertEquals(2, cluster.replica(node).frames.size());
            assertEquals(1, BatchFrame.leaderEpoch(cluster.replica(node).frames.get(1), 0));
        }
    }

    @Test
    void a_zombie_commits_nothing() {
        Cluster cluster = new Cluster(3, 2);
        Cluster.Gateway zombie = cluster.owner();
        Cluster.Gateway second = cluster.gateway();
        second.takeOver();
        cluster.settle();
        assertEquals(PartitionStatus.Phase.SERVING, second.partition.status().phase());
        long late = zombie.produce(Acks.LEADER, "x");
        cluster.settle();
        assertEquals(
                WriteStatus.MAY_HAVE_BEEN_WRITTEN,
                assertInstanceOf(ProduceOutcome.Failed.class, zombie.outcome(late)).writeStatus());
        assertEquals(PartitionStatus.Phase.IDLE, zombie.partition.status().phase());
        assertEquals(0, cluster.replica(one).frames.size());
    }

    @Test
    void a_replica_that_diverged_is_cut_where_the_chains_part() {
        Cluster cluster = new Cluster(3, 1);
        Cluster.Gateway first = cluster.owner();
        first.produce(Acks.ALL, "x");
        cluster.settle();
        first.produce(Acks.LEADER, "only at node-1");
        first.deliver(one);
        first.outbox.clear();
        first.disconnect(one);
        first.step(new PartitionInput.Resign("test"));

        Cluster.Gateway second = cluster.gateway();
        second.disconnect(one);
        second.takeOver();
        cluster.run(400);
        long token = second.produce(Acks.ALL, "y");
        cluster.settle();
        assertInstanceOf(ProduceOutcome.Written.class, second.outcome(token));
        assertEquals(2, cluster.replica(one).frames.size());

        second.connect(one);
        cluster.run(100);
        assertEquals(cluster.replica(two).frames, cluster.replica(one).frames);
        assertEquals(3, cluster.state.isr().size());
    }

    @Test
    void one_member_of_the_electorate_is_enough_after_a_while() {
        Cluster cluster = new Cluster(3, 2);
        Cluster.Gateway first = cluster.owner();
        first.produce(Acks.ALL, "x");
        cluster.settle();
        first.step(new PartitionInput.Resign("test"));
        Cluster.Gateway second = cluster.gateway();
        second.disconnect(one);
        second.disconnect(two);
        second.takeOver();
        cluster.run(1_000);
        assertEquals(PartitionStatus.Phase.FENCING, second.partition.status().phase());
        cluster.run(3_000);
        assertEquals(PartitionStatus.Phase.SERVING, second.partition.status().phase());
        assertEquals(1, cluster.state.isr().size());
    }

    @Test
    void a_new_owner_names_no_high_watermark_before_it_knows_it() {
        Cluster cluster = new Cluster(3, 2);
        Cluster.Gateway first = cluster.owner();
        first.produce(Acks.ALL, "committed, of which no replica was told");
        cluster.settle();
        first.step(new PartitionInput.Resign("test"));
        Cluster.Gateway second = cluster.gateway();
        second.disconnect(one);
        second.disconnect(two);
        second.takeOver();
        cluster.run(4_000);
        PartitionStatus below = second.partition.status();
        assertEquals(PartitionStatus.Phase.SERVING, below.phase());
        assertEquals(0, below.committedUpTo());
        assertEquals(-1, below.highWatermark(), "a lower bound is none");
        assertEquals(-1, below.logEnd());
        long latest = second.find(PartitionInput.Position.LATEST);
        long byTime = second.find(PartitionInput.Position.TIMESTAMP);
        cluster.settle();
        assertNull(second.replies.get(latest));
        assertNull(second.replies.get(byTime));
        second.connect(one);
        second.connect(two);
        cluster.settle();
        assertEquals(new FetchOutcome.Position(1, -1, 2), second.replies.get(latest));
        assertInstanceOf(FetchOutcome.Position.class, second.replies.get(byTime));
        cluster.run(1_000);
        PartitionStatus known = second.partition.status();
        assertEquals(1, known.committedUpTo());
        assertEquals(1, known.highWatermark());
        assertEquals(1, known.logEnd());
    }

    @Test
    void a_replica_outside_the_isr_is_never_elected() {
        Cluster cluster = new Cluster(3, 1);
        Cluster.Gateway first = cluster.owner();
        first.disconnect(three);
        cluster.run(400);
        first.produce(Acks.ALL, "x");
        cluster.settle();
        first.step(new PartitionInput.Resign("test"));
        Cluster.Gateway second = cluster.gateway();
        second.takeOver();
        second.disconnect(one);
        second.disconnect(two);
        cluster.run(9_000);
        assertEquals(PartitionStatus.Phase.FENCING, second.partition.status().phase());
        cluster.run(2_000);
        PartitionEvent.TakeoverFailed failed =
                second.events(PartitionEvent.TakeoverFailed.class).getFirst();
        assertEquals(PartitionEvent.Cause.OFFLINE, failed.cause());
    }

    @Test
    void nothing_is_claimed_by_whoever_reaches_nobody_who_may_lead() {
        Cluster cluster = new Cluster(3, 1);
        Cluster.Gateway first = cluster.owner();
        first.disconnect(three);
        cluster.run(400);
        Cluster.Gateway second = cluster.gateway();
        second.disconnect(one);
        second.disconnect(two);
        second.takeOver();
        cluster.run(400);
        assertEquals(PartitionStatus.Phase.IDLE, second.partition.status().phase());
        assertEquals(PartitionStatus.Phase.SERVING, first.partition.status().phase());
        assertEquals(1, cluster.state.leaderEpoch());
        second.connect(two);
        second.takeOver();
        cluster.settle();
        assertEquals(2, cluster.state.leaderEpoch());
    }

    @Test
    void a_claim_of_unknown_outcome_is_not_sent_again_without_a_route() {
        Cluster cluster = new Cluster(3, 1);
        Cluster.Gateway first = cluster.owner();
        Cluster.Gateway second = cluster.gateway();
        second.takeOver();
        long attempt = second.changes.remove().attempt();
        cluster.nodes.forEach(second::disconnect);
        second.step(new PartitionInput.CasUnknown(attempt));
        cluster.run(1_000);
        assertEquals(PartitionStatus.Phase.SERVING, first.partition.status().phase());
        assertEquals(1, cluster.state.leaderEpoch());
        second.connect(one);
        cluster.run(300);
        assertEquals(2, cluster.state.leaderEpoch());
    }

    @Test
    void a_late_refusal_of_an_earlier_takeover_stops_nothing() {
        Cluster cluster = new Cluster(3, 1);
        Cluster.Gateway first = cluster.owner();
        Cluster.Gateway second = cluster.gateway();
        second.takeOver();
        // The answer to this attempt stays on its way.
        PartitionEffect.CompareAndSet late = second.changes.remove();
        var stored = cluster.state;
        long storedVersion = cluster.version;
        second.step(new PartitionInput.Resign("test"));
        first.step(new PartitionInput.Resign("test"));
        second.takeOver();
        cluster.settle();
        assertEquals(PartitionStatus.Phase.SERVING, second.partition.status().phase());
        second.step(new PartitionInput.CasRefused(late.attempt(), storedVersion, stored));
        assertEquals(PartitionStatus.Phase.SERVING, second.partition.status().phase());
    }

    @Test
    void an_epoch_is_left_to_others_by_its_owner_alone() {
        Cluster cluster = new Cluster(3, 1);
        Cluster.Gateway first = cluster.owner();
        first.step(new PartitionInput.Release());
        cluster.settle();
        assertEquals(first.session, cluster.state.owner(), "it serves");
        Cluster.Gateway second = cluster.gateway();
        second.step(new PartitionInput.StateObserved(cluster.version, cluster.state));
        second.step(new PartitionInput.Release());
        cluster.settle();
        assertEquals(first.session, cluster.state.owner(), "it is another's");
        first.step(new PartitionInput.Resign("test"));
        first.step(new PartitionInput.Release());
        cluster.settle();
        assertEquals(GatewaySession.NONE, cluster.state.owner());
        assertEquals(1, cluster.state.leaderEpoch());
        second.takeOver();
        cluster.settle();
        assertEquals(PartitionStatus.Phase.SERVING, second.partition.status().phase());
    }

    @Test
    void a_member_with_another_log_under_its_name_does_not_count() {
        Cluster cluster = new Cluster(3, 1);
        Cluster.Gateway first = cluster.owner();
        first.produce(Acks.ALL, "x");
        cluster.settle();
        first.step(new PartitionInput.Resign("test"));
        cluster.replica(three).wipe();
        Cluster.Gateway second = cluster.gateway();
        second.disconnect(one);
        second.disconnect(two);
        second.takeOver();
        cluster.run(9_000);
        assertEquals(PartitionStatus.Phase.FENCING, second.partition.status().phase());
        second.connect(two);
        cluster.run(500);
        assertEquals(PartitionStatus.Phase.SERVING, second.partition.status().phase());
        assertEquals(1, cluster.replica(three).frames.size());
    }

    @Test
    void requests_wait_for_the_takeover() {
        Cluster cluster = new Cluster(3, 2);
        Cluster.Gateway gateway = cluster.gateway();
        gateway.takeOver();
        long token = gateway.produce(Acks.ALL, "x");
        assertNull(gateway.outcome(token));
        cluster.settle();
        assertInstanceOf(ProduceOutcome.Written.class, gateway.outcome(token));
    }

    @Test
    void a_new_owner_names_no_end_of_log_before_it_knows() {
        Cluster cluster = new Cluster(3, 2);
        Cluster.Gateway first = cluster.owner();
        first.produce(Acks.ALL, "x");
        cluster.settle();
        first.step(new PartitionInput.Resign("test"));
        Cluster.Gateway second = cluster.gateway();
        second.takeOver();
        // The leader is reconciled and served from; the others have not reconciled yet.
        while (second.store()) {}
        for (NodeId node : cluster.nodes) {
            second.deliver(node);
            second.receive(node);
        }
        while (second.store()) {}
        NodeId leader = cluster.state.leader().orElseThrow();
        while (second.deliver(leader) || second.receive(leader)) {}
        assertEquals(PartitionStatus.Phase.SERVING, second.partition.status().phase());
        long beyond = second.fetch(5);
        assertNull(second.replies.get(beyond), "OFFSET_OUT_OF_RANGE would be a guess");
        cluster.settle();
        assertInstanceOf(FetchOutcome.OutOfRange.class, second.replies.get(beyond));
    }
}
