package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** An epoch whose ISR has lost its log, while a replica that is not in sync has one. */
class MembersWithoutLogTest {
    private static final PartitionSettings BY_HAND =
            PartitionSettings.DEFAULTS.withMinInsyncReplicas(1);
    private static final PartitionSettings BY_ITSELF = BY_HAND.withUncleanWhenAllAnswered(true);

    private final NodeId one = new NodeId(1);
    private final NodeId two = new NodeId(2);
    private final NodeId three = new NodeId(3);

    /** Node 1 is alone in the ISR, and its disk is replaced; node 2 is back with its log. */
    private Cluster.Gateway lost(PartitionSettings settings, Consumer<Cluster> others) {
        return lost(settings, ModelReplica::wipe, others);
    }

    /** Node 1 is alone in the ISR, and comes to harm; node 2 is back with its log. */
    private Cluster.Gateway lost(
            PartitionSettings settings, Consumer<ModelReplica> harm, Consumer<Cluster> others) {
        Cluster cluster = new Cluster(3, settings);
        Cluster.Gateway owner = cluster.owner();
        owner.produce(Acks.ALL, "x");
        cluster.settle();
        owner.disconnect(two);
        owner.disconnect(three);
        cluster.run(1_000);
        assertEquals(1, cluster.state.isr().size());
        owner.produce(Acks.ALL, "y");
        cluster.settle();
        owner.disconnect(one);
        harm.accept(cluster.replica(one));
        others.accept(cluster);
        owner.connect(one);
        owner.connect(two);
        cluster.run(10_000);
        return owner;
    }

    private static List<String> stopped(Cluster.Gateway owner) {
        return owner.events(PartitionEvent.Stopped.class).stream()
                .map(PartitionEvent.Stopped::reason)
                .toList();
    }

    private void connectThree(Cluster cluster) {
        cluster.gateways.getFirst().connect(three);
    }

    private void theEpochEnds(Consumer<Cluster> others) {
        Cluster.Gateway owner = lost(BY_ITSELF, others);
        assertEquals(
                List.of(
                        "no member of the ISR has a log that counts, and all replicas have"
                                + " answered"),
                stopped(owner));
        assertEquals(
                PartitionEvent.StopCause.LEADER_LOST,
                owner.events(PartitionEvent.Stopped.class).getFirst().cause());
    }

    @Test
    void the_epoch_ends_when_all_others_have_their_logs() {
        theEpochEnds(this::connectThree);
    }

    @Test
    void the_epoch_ends_when_another_has_no_log_either() {
        theEpochEnds(
                cluster -> {
                    cluster.replica(three).wipe();
                    connectThree(cluster);
                });
    }

    @Test
    void the_epoch_ends_when_the_members_log_has_another_name() {
        assertEquals(
                List.of(
                        "no member of the ISR has a log that counts, and all replicas have"
                                + " answered"),
                stopped(lost(BY_ITSELF, this::losePower, this::connectThree)));
    }

    @Test
    void the_next_takeover_elects_the_longest_log_whatever_its_name_was() {
        Cluster[] made = new Cluster[1];
        Cluster.Gateway owner =
                lost(
                        BY_ITSELF,
                        this::losePower,
                        cluster -> {
                            made[0] = cluster;
                            connectThree(cluster);
                        });
        owner.step(new PartitionInput.TakeOver());
        made[0].run(4_000);
        assertEquals(PartitionStatus.Phase.SERVING, owner.partition.status().phase());
        assertEquals(one, made[0].state.leader().orElseThrow());
        assertEquals(1, made[0].state.uncleanElections());
    }

    @Test
    void an_operator_decides_over_a_log_that_has_another_name() {
        assertTrue(stopped(lost(BY_HAND, this::losePower, this::connectThree)).isEmpty());
    }

    /** As a page-cache log does: the records are there, and it is not the log that acknowledged. */
    private void losePower(ModelReplica replica) {
        replica.crash();
        replica.incarnation = Incarnation.NONE;
    }

    @Test
    void the_next_takeover_elects_the_log_that_is_left() {
        Cluster[] made = new Cluster[1];
        Cluster.Gateway owner =
                lost(
                        BY_ITSELF,
                        cluster -> {
                            made[0] = cluster;
                            connectThree(cluster);
                        });
        owner.step(new PartitionInput.TakeOver());
        made[0].run(4_000);
        assertEquals(PartitionStatus.Phase.SERVING, owner.partition.status().phase());
        assertEquals(two, made[0].state.leader().orElseThrow());
        assertEquals(3, made[0].state.isr().size());
        assertEquals(1, made[0].state.uncleanElections());
    }

    @Test
    void a_log_that_begins_again_only_with_the_leader_is_a_log() {
        theEpochEnds(
                cluster -> {
                    // Retention has taken all that node 3 holds, and the owner has seen that.
                    ModelReplica leader = cluster.replica(one);
                    Cluster.Gateway owner = cluster.gateways.getFirst();
                    leader.exists = true;
                    leader.logStart = 2;
                    leader.incarnation = cluster.state.replica(one).orElseThrow().incarnation();
                    owner.connect(one);
                    cluster.settle();
                    owner.find(PartitionInput.Position.EARLIEST);
                    cluster.settle();
                    owner.disconnect(one);
                    leader.wipe();
                    connectThree(cluster);
                });
    }

    @Test
    void the_epoch_goes_on_while_an_operator_decides() {
        assertTrue(stopped(lost(BY_HAND, this::connectThree)).isEmpty());
    }

    @Test
    void the_epoch_goes_on_while_a_replica_is_not_heard() {
        assertTrue(stopped(lost(BY_ITSELF, cluster -> {})).isEmpty());
    }

    @Test
    void the_epoch_goes_on_while_a_faulty_log_may_be_saved() {
        assertTrue(
                stopped(
                                lost(
                                        BY_ITSELF,
                                        cluster -> {
                                            cluster.replica(three).fault =
                                                    StorageAnswer.Fault.CORRUPT;
                                            connectThree(cluster);
                                        }))
                        .isEmpty());
    }

    @Test
    void the_epoch_goes_on_while_the_members_own_log_may_be_saved() {
        assertTrue(
                stopped(
                                lost(
                                        BY_ITSELF,
                                        cluster -> {
                                            cluster.replica(one).exists = true;
                                            cluster.replica(one).fault =
                                                    StorageAnswer.Fault.CORRUPT;
                                            connectThree(cluster);
                                        }))
                        .isEmpty());
    }

    @Test
    void the_epoch_ends_when_another_has_a_log_that_no_state_names() {
        theEpochEnds(
                cluster -> {
                    // An owner has recorded a new log for node 2, which has not heard of it.
                    cluster.replica(two).incarnation =
                            Incarnation.of(cluster.state.leaderEpoch(), 77);
                    connectThree(cluster);
                });
    }

    @Test
    void the_epoch_goes_on_with_one_who_has_all_that_is_committed() {
        Cluster cluster = new Cluster(3, BY_ITSELF);
        Cluster.Gateway owner = cluster.owner();
        owner.produce(Acks.ALL, "x");
        cluster.settle();
        owner.disconnect(two);
        owner.disconnect(three);
        cluster.run(1_000);
        assertEquals(1, cluster.state.isr().size());
        owner.disconnect(one);
        cluster.replica(one).wipe();
        cluster.replica(three).wipe();
        owner.connect(one);
        owner.connect(three);
        cluster.run(1_000);
        owner.connect(two);
        cluster.run(10_000);
        assertEquals(List.of(), stopped(owner));
        assertEquals(two, cluster.state.leader().orElseThrow());
        assertEquals(3, cluster.state.isr().size());
        assertEquals(0, cluster.state.uncleanElections());
    }

    /** Two members that hold a record, and node 1 leads. */
    private Cluster twoMembers() {
        Cluster cluster = new Cluster(2, BY_ITSELF);
        Cluster.Gateway owner = cluster.owner();
        owner.produce(Acks.ALL, "x");
        cluster.settle();
        assertEquals(one, cluster.state.leader().orElseThrow());
        return cluster;
    }

    private void allLosePower(Cluster.Gateway owner, Cluster cluster) {
        for (NodeId node : cluster.nodes) {
            owner.disconnect(node);
            losePower(cluster.replica(node));
        }
        cluster.nodes.forEach(owner::connect);
        cluster.run(10_000);
    }

    @Test
    void an_owner_vouches_for_a_member_that_has_kept_everything() {
        Cluster cluster = twoMembers();
        Cluster.Gateway owner = cluster.gateways.getFirst();
        long waiting = owner.produce(Acks.ALL, "y");
        cluster.nodes.forEach(owner::deliver);
        cluster.replica(two).sync();
        allLosePower(owner, cluster);
        assertEquals(List.of(), stopped(owner));
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(waiting));
        assertEquals(two, cluster.state.leader().orElseThrow());
        assertEquals(2, cluster.state.isr().size());
        assertEquals(0, cluster.state.uncleanElections());
    }

    @Test
    void the_epoch_ends_when_no_member_has_kept_everything() {
        Cluster cluster = twoMembers();
        Cluster.Gateway owner = cluster.gateways.getFirst();
        ModelReplica follower = cluster.replica(two);
        follower.frames.clear();
        follower.synced = 0;
        allLosePower(owner, cluster);
        assertEquals(1, stopped(owner).size());
        owner.step(new PartitionInput.TakeOver());
        cluster.run(4_000);
        assertEquals(PartitionStatus.Phase.SERVING, owner.partition.status().phase());
        assertEquals(one, cluster.state.leader().orElseThrow());
        assertEquals(1, cluster.replica(two).frames.size());
    }

    @Test
    void the_epoch_ends_when_the_only_one_that_has_a_log_takes_nothing() {
        Cluster cluster = twoMembers();
        Cluster.Gateway owner = cluster.gateways.getFirst();
        owner.produce(Acks.ALL, "y");
        answers(owner, one);
        cluster.pass(31_000);
        owner.store();
        assertEquals(1, cluster.state.isr().size(), "node 2 has not acknowledged anything");
        assertEquals(2, owner.partition.status().highWatermark());
        owner.disconnect(one);
        cluster.replica(one).wipe();
        owner.connect(one);
        answers(owner, one);
        assertEquals(1, stopped(owner).size());
    }

    private static void answers(Cluster.Gateway owner, NodeId node) {
        while (owner.deliver(node)) {}
        owner.sync(node);
        while (owner.receive(node)) {}
    }
}
