package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Refusal;
import io.ackgate.storage.api.StorageRequest;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which epoch is claimed, who leads it, and what becomes of streams that end meanwhile. */
class ElectionTest {
    private final NodeId one = new NodeId(1);
    private final NodeId two = new NodeId(2);
    private final NodeId three = new NodeId(3);

    private static Cluster resign() {
        Cluster cluster = new Cluster(3, 1);
        cluster.owner().step(new PartitionInput.Resign("test"));
        return cluster;
    }

    private static StorageAnswer stale(int epoch, int held) {
        return new StorageAnswer.Refused(Cluster.ID, epoch, Refusal.STALE_EPOCH, held, 0, "");
    }

    @Test
    void a_taker_that_is_refused_claims_an_epoch_beyond_the_one_that_refused_it() {
        Cluster cluster = resign();
        Cluster.Gateway taker = cluster.gateway();
        taker.takeOver();
        taker.store();
        assertEquals(2, cluster.state.leaderEpoch());
        taker.hears(two, stale(2, 7));
        taker.takeOver();
        cluster.settle();
        assertEquals(8, cluster.state.leaderEpoch());
    }

    @Test
    void an_owner_that_is_refused_claims_an_epoch_beyond_the_one_that_refused_it() {
        Cluster cluster = new Cluster(3, 1);
        Cluster.Gateway owner = cluster.owner();
        owner.hears(two, stale(1, 7));
        assertEquals(PartitionStatus.Phase.IDLE, owner.partition.status().phase());
        owner.takeOver();
        cluster.settle();
        assertEquals(8, cluster.state.leaderEpoch());
    }

    @Test
    void a_claim_whose_outcome_was_unknown_is_found_to_have_landed() {
        Cluster cluster = resign();
        Cluster.Gateway taker = cluster.gateway();
        taker.takeOver();
        PartitionEffect.CompareAndSet lost = taker.changes.remove();
        cluster.apply(lost);
        taker.step(new PartitionInput.CasUnknown(lost.attempt()));
        cluster.run(400);
        assertEquals(PartitionStatus.Phase.SERVING, taker.partition.status().phase());
        assertEquals(2, cluster.state.leaderEpoch());
        assertEquals(0, taker.events(PartitionEvent.TakeoverFailed.class).size());
    }

    @Test
    void the_old_leader_leads_again_when_it_holds_as_much_as_others() {
        Cluster cluster = new Cluster(3, 1);
        Cluster.Gateway owner = cluster.owner();
        owner.disconnect(one);
        cluster.run(400);
        assertEquals(two, cluster.state.leader().orElseThrow());
        owner.connect(one);
        cluster.run(100);
        assertEquals(3, cluster.state.isr().size());
        owner.step(new PartitionInput.Resign("test"));
        Cluster.Gateway next = cluster.owner();
        assertEquals(PartitionStatus.Phase.SERVING, next.partition.status().phase());
        assertEquals(two, cluster.state.leader().orElseThrow(), "node-1 is assigned first");
    }

    @Test
    void the_last_epoch_counts_more_than_the_length_of_a_log() {
        Cluster cluster = resign();
        Cluster.Gateway taker = cluster.gateway();
        taker.takeOver();
        taker.store();
        answers(cluster, taker, one, 5, EpochChain.of(List.of(new EpochChain.Link(1, 0))));
        answers(
                cluster,
                taker,
                two,
                4,
                EpochChain.of(List.of(new EpochChain.Link(1, 0), new EpochChain.Link(2, 3))));
        answers(cluster, taker, three, 5, EpochChain.of(List.of(new EpochChain.Link(1, 0))));
        assertEquals(two, taker.changes.getFirst().next().leader().orElseThrow());
    }

    private static void answers(
            Cluster cluster, Cluster.Gateway taker, NodeId node, long logEnd, EpochChain chain) {
        taker.hears(
                node,
                new StorageAnswer.Fenced(
                        Cluster.ID, 2, cluster.replica(node).incarnation, 0, logEnd, 0, chain));
    }

    @Test
    void an_answer_of_a_stream_that_has_ended_does_not_reconcile_its_replica() {
        Cluster cluster = resign();
        Cluster.Gateway taker = cluster.gateway();
        taker.takeOver();
        taker.store();
        for (NodeId node : cluster.nodes) {
            taker.deliver(node);
            taker.receive(node);
        }
        // Node 3 has another stream by the time at which the epoch begins.
        taker.connect(three);
        taker.store();
        assertEquals(PartitionStatus.Phase.RECOVERING, taker.partition.status().phase());
        assertFalse(
                taker.outbox.getOrDefault(three, new ArrayDeque<>()).stream()
                        .anyMatch(send -> send.request() instanceof StorageRequest.Reconcile),
                "it is fenced on its new stream first");
        cluster.settle();
        assertEquals(
                PartitionStatus.Stage.RECONCILED,
                taker.partition.status().replicas().get(2).stage());
    }
}
