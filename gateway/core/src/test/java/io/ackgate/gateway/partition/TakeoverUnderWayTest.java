package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What requests and the metadata store meet before an epoch has begun. */
class TakeoverUnderWayTest {
    private static final long MILLIS = 1_000_000;

    private final NodeId two = new NodeId(2);
    private final Cluster cluster = new Cluster(3, 2);
    private final Cluster.Gateway gateway = cluster.gateway();

    private ErrorCode notWritten(long token) {
        ProduceOutcome.Failed failed =
                assertInstanceOf(ProduceOutcome.Failed.class, gateway.outcome(token));
        assertEquals(WriteStatus.NOT_WRITTEN, failed.writeStatus());
        return failed.error();
    }

    private String unavailable(long token) {
        return assertInstanceOf(FetchOutcome.Unavailable.class, gateway.replies.get(token))
                .detail();
    }

    @Test
    void a_gateway_that_is_not_the_owner_answers_every_request_at_once() {
        assertEquals(ErrorCode.NOT_LEADER_OR_FOLLOWER, notWritten(gateway.produce(Acks.ALL, "x")));
        assertTrue(unavailable(gateway.fetch(0)).contains("does not own"));
        assertTrue(
                unavailable(gateway.find(PartitionInput.Position.LATEST)).contains("does not own"));

        Cluster.Gateway owner = cluster.owner();
        gateway.step(new PartitionInput.StateObserved(cluster.version, cluster.state));
        assertTrue(unavailable(gateway.fetch(0)).contains("gateway " + owner.session + " owns"));
    }

    @Test
    void what_is_held_for_too_long_is_answered_and_leaves_its_place() {
        gateway.takeOver();
        long batch = gateway.produce(Acks.ALL, "x");
        long read = gateway.fetch(0);
        cluster.pass(90);
        assertNull(gateway.replies.get(read));
        assertEquals(1, gateway.partition.waitingReads());
        cluster.pass(10);
        unavailable(read);
        assertEquals(0, gateway.partition.waitingReads());
        cluster.pass(890);
        assertNull(gateway.outcome(batch));
        assertTrue(gateway.partition.bufferedBytes() > 0);
        cluster.pass(10);
        assertEquals(ErrorCode.REQUEST_TIMED_OUT, notWritten(batch));
        assertEquals(0, gateway.partition.bufferedBytes());
        assertEquals(0, gateway.partition.waitingReads());
        cluster.settle();
        assertEquals(0, gateway.partition.status().logEnd(), "what was refused is not written");
    }

    @Test
    void a_takeover_is_told_the_time_with_every_tick() {
        gateway.takeOver();
        assertEquals(Long.MIN_VALUE, gateway.partition.nextDueNanos());
    }

    @Test
    void a_claim_ends_when_another_ones_is_seen_and_what_waits_is_sent_there() {
        gateway.takeOver();
        long batch = gateway.produce(Acks.ALL, "x");
        PartitionEffect.CompareAndSet claim = gateway.changes.remove();
        gateway.step(new PartitionInput.CasUnknown(claim.attempt()));
        GatewaySession other = new GatewaySession(77);
        PartitionState before = cluster.state;
        gateway.step(
                new PartitionInput.StateObserved(
                        cluster.version + 1, before.claimedBy(other, claim.next().leaderEpoch())));
        assertEquals(ErrorCode.NOT_LEADER_OR_FOLLOWER, notWritten(batch));
        assertEquals(PartitionStatus.Phase.IDLE, gateway.partition.status().phase());
    }

    /** A replica has refused this gateway for an epoch that no state names. */
    @Test
    void so_it_does_if_the_other_claim_is_of_a_lower_epoch() {
        PartitionState before = cluster.state;
        gateway.takeOver();
        PartitionEffect.CompareAndSet claim = gateway.changes.remove();
        gateway.step(
                new PartitionInput.StateObserved(
                        cluster.version + 1,
                        before.claimedBy(new GatewaySession(77), claim.next().leaderEpoch() - 1)));
        assertEquals(PartitionStatus.Phase.IDLE, gateway.partition.status().phase());
    }

    @Test
    void a_claim_goes_on_when_it_is_seen_itself() {
        gateway.takeOver();
        PartitionEffect.CompareAndSet claim = gateway.changes.remove();
        gateway.step(new PartitionInput.StateObserved(cluster.version + 1, claim.next()));
        assertEquals(PartitionStatus.Phase.CLAIMING, gateway.partition.status().phase());
    }

    @Test
    void a_claim_of_unknown_outcome_is_repeated_after_a_pause() {
        gateway.takeOver();
        PartitionEffect.CompareAndSet claim = gateway.changes.remove();
        gateway.step(new PartitionInput.CasUnknown(claim.attempt()));
        long pause = cluster.settings.casRetryNanos() / MILLIS;
        cluster.pass(pause - 10);
        assertTrue(gateway.changes.isEmpty());
        cluster.pass(10);
        PartitionEffect.CompareAndSet again = gateway.changes.element();
        assertEquals(claim.next(), again.next());
        assertNotEquals(claim.attempt(), again.attempt());
        cluster.settle();
        assertEquals(PartitionStatus.Phase.SERVING, gateway.partition.status().phase());
    }

    @Test
    void an_owner_that_resigns_can_release_the_state_it_published() {
        gateway.takeOver();
        cluster.settle();
        gateway.step(new PartitionInput.Resign("test"));
        gateway.step(new PartitionInput.Release());
        PartitionEffect.CompareAndSet release = gateway.changes.element();
        assertEquals(cluster.version, release.expectedVersion());
        assertEquals(cluster.state.released(), release.next());
    }

    @Test
    void a_leader_that_is_proven_wrong_before_its_epoch_begins_does_not_lead() {
        gateway.takeOver();
        cluster.settle();
        gateway.produce(Acks.ALL, "x");
        cluster.settle();
        gateway.step(new PartitionInput.Resign("test"));

        gateway.takeOver();
        assertTrue(gateway.store(), "the claim");
        while (gateway.changes.isEmpty()) {
            for (NodeId node : cluster.nodes) {
                while (gateway.deliver(node) || gateway.receive(node)) {}
            }
            cluster.pass(10);
        }
        NodeId leader = gateway.changes.element().next().leader().orElseThrow();
        NodeId other = leader.equals(two) ? new NodeId(3) : two;
        ModelReplica its = cluster.replica(other);
        gateway.hears(
                other,
                new StorageAnswer.Fenced(
                        Cluster.ID,
                        its.epoch,
                        its.incarnation,
                        0,
                        5,
                        5,
                        EpochChain.EMPTY.append(1, 0)));
        long held = gateway.produce(Acks.ALL, "y");
        assertTrue(gateway.store(), "the publication");
        assertEquals(PartitionStatus.Phase.IDLE, gateway.partition.status().phase());
        PartitionEvent.TakeoverFailed failed =
                gateway.events(PartitionEvent.TakeoverFailed.class).getLast();
        assertTrue(failed.reason().contains("proves the log of " + leader + " wrong"));
        assertEquals(ErrorCode.NOT_LEADER_OR_FOLLOWER, notWritten(held));

        gateway.takeOver();
        cluster.run(1_000);
        assertNotEquals(leader, cluster.state.leader().orElseThrow(), "it is not trusted again");
        assertEquals(1, gateway.partition.status().highWatermark());
    }

    /** Another gateway owned it before, and left a record to all replicas. */
    private void takesOverFromAnother() {
        Cluster.Gateway before = cluster.owner();
        before.produce(Acks.ALL, "x");
        cluster.settle();
        before.step(new PartitionInput.Resign("test"));
        gateway.takeOver();
    }

    @Test
    void what_each_replica_has_answered_is_told_meanwhile() {
        takesOverFromAnother();
        assertTrue(gateway.store(), "the claim");
        cluster.replica(two).incarnation = Incarnation.of(9, 9);
        for (NodeId node : List.of(new NodeId(1), two)) {
            gateway.deliver(node);
            gateway.receive(node);
        }
        List<PartitionStatus.ReplicaAnswer> answers = gateway.partition.status().answers();
        assertEquals(
                List.of(
                        PartitionStatus.Answer.LOG,
                        PartitionStatus.Answer.ANOTHER_LOG,
                        PartitionStatus.Answer.NONE),
                answers.stream().map(PartitionStatus.ReplicaAnswer::answer).toList());
        assertEquals(
                List.of(1L, 1L, -1L),
                answers.stream().map(PartitionStatus.ReplicaAnswer::logEnd).toList());
    }

    @Test
    void an_answer_to_an_attempt_before_the_last_one_says_nothing() {
        takesOverFromAnother();
        PartitionEffect.CompareAndSet first = gateway.changes.remove();
        gateway.step(new PartitionInput.CasUnknown(first.attempt()));
        cluster.pass(cluster.settings.casRetryNanos() / MILLIS);
        gateway.step(new PartitionInput.CasApplied(first.attempt(), cluster.version + 1));
        assertEquals(PartitionStatus.Phase.CLAIMING, gateway.partition.status().phase());
        gateway.step(
                new PartitionInput.CasRefused(first.attempt(), cluster.version, cluster.state));
        assertEquals(PartitionStatus.Phase.CLAIMING, gateway.partition.status().phase());
        cluster.settle();
        assertEquals(PartitionStatus.Phase.SERVING, gateway.partition.status().phase());
    }

    @Test
    void a_replica_that_refuses_the_fence_is_asked_again_after_a_pause() {
        takesOverFromAnother();
        assertTrue(gateway.store(), "the claim");
        cluster.replica(two).refusal = StorageAnswer.Refusal.STORAGE_ERROR;
        gateway.deliver(two);
        gateway.receive(two);
        long pause = cluster.settings.casRetryNanos() / MILLIS;
        cluster.pass(pause - 10);
        assertFalse(gateway.deliver(two));
        cluster.pass(10);
        assertTrue(gateway.deliver(two));
        cluster.pass(10);
        assertFalse(gateway.deliver(two), "once");
    }

    @Test
    void a_publication_of_unknown_outcome_is_sent_again_though_no_replica_is_reached() {
        takesOverFromAnother();
        assertTrue(gateway.store(), "the claim");
        for (NodeId node : cluster.nodes) {
            gateway.deliver(node);
            gateway.receive(node);
        }
        PartitionEffect.CompareAndSet publication = gateway.changes.remove();
        cluster.nodes.forEach(gateway::disconnect);
        gateway.step(new PartitionInput.CasUnknown(publication.attempt()));
        cluster.pass(cluster.settings.casRetryNanos() / MILLIS);
        assertEquals(publication.next(), gateway.changes.element().next());
    }

    @Test
    void a_new_owner_serves_at_once_what_replicas_have_called_committed() {
        takesOverFromAnother();
        assertTrue(gateway.store(), "the claim");
        cluster.nodes.forEach(node -> cluster.replica(node).highWatermark = 1);
        for (NodeId node : cluster.nodes) {
            gateway.deliver(node);
            gateway.receive(node);
        }
        assertTrue(gateway.store(), "the publication");
        assertEquals(1, gateway.events(PartitionEvent.Published.class).getFirst().highWatermark());
        assertEquals(1, gateway.partition.status().committedUpTo());
    }
}
