package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What brings a partition back of which no in-sync replica answers with its log. */
class UncleanElectionTest {
    private static final PartitionSettings BY_HAND =
            PartitionSettings.DEFAULTS.withMinInsyncReplicas(2);
    private static final PartitionSettings BY_ITSELF = BY_HAND.withUncleanWhenAllAnswered(true);

    private final NodeId one = new NodeId(1);
    private final NodeId two = new NodeId(2);
    private final NodeId three = new NodeId(3);

    /** Three records are committed; then everything loses its power, and the gateway is gone. */
    private Cluster afterPowerLoss(PartitionSettings settings) {
        Cluster cluster = new Cluster(3, settings);
        Cluster.Gateway first = cluster.owner();
        for (int i = 0; i < 3; i++) {
            first.produce(Acks.ALL, "record " + i);
        }
        cluster.settle();
        first.step(new PartitionInput.Resign("test"));
        cluster.gateways.clear();
        cluster.nodes.forEach(node -> cluster.replica(node).incarnation = Incarnation.NONE);
        return cluster;
    }

    private static void loseLast(ModelReplica replica, int records) {
        for (int i = 0; i < records; i++) {
            replica.frames.removeLast();
        }
        replica.highWatermark = Math.min(replica.highWatermark, replica.logEnd());
    }

    private static Cluster.Gateway served(Cluster cluster, Cluster.Gateway by) {
        cluster.run(4_000);
        assertEquals(PartitionStatus.Phase.SERVING, by.partition.status().phase());
        return by;
    }

    @Test
    void without_a_leave_it_is_offline_and_says_who_has_what() {
        Cluster cluster = afterPowerLoss(BY_HAND);
        loseLast(cluster.replica(two), 1);
        Cluster.Gateway second = cluster.gateway();
        second.takeOver();
        cluster.run(11_000);
        assertEquals(PartitionStatus.Phase.IDLE, second.partition.status().phase());
        PartitionEvent.TakeoverFailed failed =
                second.events(PartitionEvent.TakeoverFailed.class).getFirst();
        assertEquals(PartitionEvent.Cause.OFFLINE, failed.cause());
        assertTrue(
                failed.reason()
                        .contains("node-2 (in sync) has a log that may lack records, up to 2"),
                failed.reason());
        List<PartitionStatus.ReplicaAnswer> answers = second.partition.status().answers();
        assertEquals(List.of(3L, 2L, 3L), answers.stream().map(a -> a.logEnd()).toList());
        assertTrue(
                answers.stream().allMatch(a -> a.answer() == PartitionStatus.Answer.ANOTHER_LOG));
        assertEquals(0, cluster.state.uncleanElections());
    }

    @Test
    void where_the_topic_allows_it_the_longest_log_leads_and_nothing_is_lost() {
        Cluster cluster = afterPowerLoss(BY_ITSELF);
        loseLast(cluster.replica(one), 2);
        Cluster.Gateway second = cluster.gateway();
        second.takeOver();
        served(cluster, second);
        assertEquals(1, cluster.state.uncleanElections());
        assertEquals(2, cluster.state.lastUncleanEpoch());
        assertEquals(two, cluster.state.leader().orElseThrow());
        PartitionEvent.UncleanElection told =
                second.events(PartitionEvent.UncleanElection.class).getFirst();
        assertEquals(two, told.leader());
        assertEquals(3, cluster.state.isr().size());
        for (NodeId node : cluster.nodes) {
            assertEquals(3, cluster.replica(node).frames.size());
        }
        long token = second.produce(Acks.ALL, "y");
        cluster.settle();
        assertInstanceOf(ProduceOutcome.Written.class, second.outcome(token));
        assertTrue(second.partition.status().answers().isEmpty());
    }

    @Test
    void by_itself_nobody_leads_before_all_have_answered() {
        Cluster cluster = afterPowerLoss(BY_ITSELF);
        Cluster.Gateway second = cluster.gateway();
        second.disconnect(three);
        second.takeOver();
        cluster.run(9_000);
        assertEquals(PartitionStatus.Phase.FENCING, second.partition.status().phase());
        second.connect(three);
        served(cluster, second);
    }

    @Test
    void by_itself_one_leads_though_another_has_a_new_disk() {
        Cluster cluster = afterPowerLoss(BY_ITSELF);
        cluster.replica(three).wipe();
        Cluster.Gateway second = cluster.gateway();
        second.takeOver();
        served(cluster, second);
        assertEquals(1, cluster.state.uncleanElections());
        assertEquals(3, cluster.replica(three).frames.size());
    }

    @Test
    void by_itself_nobody_leads_while_a_faulty_log_may_be_saved() {
        Cluster cluster = afterPowerLoss(BY_ITSELF);
        cluster.replica(three).fault = StorageAnswer.Fault.CORRUPT;
        Cluster.Gateway second = cluster.gateway();
        second.takeOver();
        cluster.run(11_000);
        assertEquals(0, cluster.state.uncleanElections());
    }

    @Test
    void a_member_that_answers_with_its_log_leads_whatever_is_allowed() {
        Cluster cluster = afterPowerLoss(BY_ITSELF);
        ReplicaRef member = cluster.state.replica(two).orElseThrow();
        cluster.replica(two).incarnation = member.incarnation();
        Cluster.Gateway second = cluster.gateway();
        second.takeOver();
        second.step(new PartitionInput.ElectUnclean(Mandate.of(three)));
        served(cluster, second);
        assertEquals(0, cluster.state.uncleanElections());
        assertEquals(two, cluster.state.leader().orElseThrow());
    }

    @Test
    void an_operator_elects_whoever_holds_most_of_those_that_answer() {
        Cluster cluster = afterPowerLoss(BY_HAND);
        loseLast(cluster.replica(one), 1);
        Cluster.Gateway second = cluster.gateway();
        second.disconnect(three);
        second.step(new PartitionInput.StateObserved(cluster.version, cluster.state));
        second.step(new PartitionInput.ElectUnclean(Mandate.LONGEST));
        served(cluster, second);
        assertEquals(two, cluster.state.leader().orElseThrow());
        assertTrue(
                second.events(PartitionEvent.UncleanElection.class)
                        .getFirst()
                        .answers()
                        .contains("node-3 (in sync) has not answered"));
    }

    @Test
    void an_operator_waits_for_the_others_until_the_last_resort_and_no_longer() {
        Cluster cluster = afterPowerLoss(BY_HAND);
        Cluster.Gateway second = cluster.gateway();
        second.disconnect(three);
        second.step(new PartitionInput.StateObserved(cluster.version, cluster.state));
        second.step(new PartitionInput.ElectUnclean(Mandate.LONGEST));
        cluster.settle();
        cluster.run(BY_HAND.fenceLastResortNanos() / 1_000_000 - 10);
        assertEquals(PartitionStatus.Phase.FENCING, second.partition.status().phase());
        cluster.pass(10);
        assertEquals(PartitionStatus.Phase.PUBLISHING, second.partition.status().phase());
    }

    @Test
    void an_operator_may_name_the_leader_and_what_others_held_is_cut() {
        Cluster cluster = afterPowerLoss(BY_HAND);
        loseLast(cluster.replica(one), 2);
        Cluster.Gateway second = cluster.gateway();
        second.takeOver();
        cluster.run(100);
        second.step(new PartitionInput.ElectUnclean(Mandate.of(one)));
        served(cluster, second);
        assertEquals(one, cluster.state.leader().orElseThrow());
        assertEquals(3, cluster.state.isr().size());
        for (NodeId node : cluster.nodes) {
            assertEquals(1, cluster.replica(node).frames.size());
        }
    }

    @Test
    void a_named_leader_without_a_log_is_waited_for_and_then_given_up() {
        Cluster cluster = afterPowerLoss(BY_ITSELF);
        cluster.replica(one).wipe();
        cluster.replica(one).exists = false;
        Cluster.Gateway second = cluster.gateway();
        second.step(new PartitionInput.StateObserved(cluster.version, cluster.state));
        second.step(new PartitionInput.ElectUnclean(Mandate.of(one)));
        cluster.run(11_000);
        assertEquals(PartitionStatus.Phase.IDLE, second.partition.status().phase());
        assertEquals(0, cluster.state.uncleanElections());
    }

    @Test
    void a_serving_leader_is_left_alone() {
        Cluster cluster = new Cluster(3, BY_HAND);
        Cluster.Gateway first = cluster.owner();
        first.step(new PartitionInput.ElectUnclean(Mandate.of(three)));
        cluster.settle();
        assertEquals(PartitionStatus.Phase.SERVING, first.partition.status().phase());
        assertEquals(1, cluster.state.leaderEpoch());
    }

    @Test
    void an_owner_whose_leader_is_gone_elects_another() {
        Cluster cluster = new Cluster(3, BY_HAND.withMinInsyncReplicas(1));
        Cluster.Gateway first = cluster.owner();
        first.disconnect(two);
        first.disconnect(three);
        cluster.run(1_000);
        assertEquals(1, cluster.state.isr().size());
        first.produce(Acks.ALL, "x");
        cluster.settle();
        first.disconnect(one);
        first.connect(two);
        cluster.run(1_000);
        first.step(new PartitionInput.ElectUnclean(Mandate.LONGEST));
        served(cluster, first);
        assertEquals(two, cluster.state.leader().orElseThrow());
        assertEquals(1, cluster.state.uncleanElections());
        first.connect(one);
        cluster.run(2_000);
        assertEquals(0, cluster.replica(one).frames.size(), "it follows the new leader");
        assertEquals(2, cluster.state.isr().size());
    }

    @Test
    void a_leader_that_is_lost_before_it_has_its_new_log_is_waited_for() {
        Cluster cluster = afterPowerLoss(BY_ITSELF);
        Cluster.Gateway second = cluster.gateway();
        second.takeOver();
        second.store();
        cluster.nodes.forEach(
                node -> {
                    second.deliver(node);
                    second.receive(node);
                });
        second.disconnect(one);
        second.store();
        cluster.run(500);
        assertEquals(PartitionStatus.Phase.PUBLISHING, second.partition.status().phase());
        second.connect(one);
        served(cluster, second);
        assertEquals(3, cluster.replica(two).frames.size());
    }
}
