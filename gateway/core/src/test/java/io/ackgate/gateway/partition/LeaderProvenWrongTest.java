package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A leader whose log lacks what is committed leads nobody: its epoch ends, no log is touched. */
class LeaderProvenWrongTest {
    private final NodeId one = new NodeId(1);
    private final NodeId two = new NodeId(2);
    private final NodeId three = new NodeId(3);

    /** Three replicas that hold three committed records and know it, and nobody who owns them. */
    private static Cluster committed() {
        return committed(PartitionSettings.DEFAULTS.withMinInsyncReplicas(2));
    }

    private static Cluster committed(PartitionSettings settings) {
        Cluster cluster = new Cluster(3, settings);
        Cluster.Gateway first = cluster.owner();
        for (String value : List.of("x", "y", "z")) {
            first.produce(Acks.ALL, value);
            cluster.settle();
        }
        cluster.run(20);
        first.step(new PartitionInput.Resign("test"));
        cluster.nodes.forEach(node -> assertEquals(3, cluster.replica(node).highWatermark));
        return cluster;
    }

    private static void fence(Cluster.Gateway gateway, NodeId... nodes) {
        gateway.takeOver();
        gateway.store();
        for (NodeId node : nodes) {
            gateway.deliver(node);
            gateway.receive(node);
        }
    }

    /** Its log loses all that it held and goes on under the name it had: its disk has lied. */
    private static void loseSilently(Cluster cluster, NodeId node) {
        ModelReplica replica = cluster.replica(node);
        replica.frames.clear();
        replica.synced = 0;
        replica.highWatermark = 0;
    }

    private static void everythingIsThere(Cluster cluster, NodeId... nodes) {
        for (NodeId node : nodes) {
            assertEquals(3, cluster.replica(node).frames.size(), "the log of " + node);
        }
    }

    @Test
    void a_leader_that_comes_back_with_another_log_during_the_publication_does_not_lead() {
        Cluster cluster = committed();
        Cluster.Gateway taker = cluster.gateway();
        fence(taker, one, two, three);
        assertEquals(PartitionStatus.Phase.PUBLISHING, taker.partition.status().phase());
        assertEquals(one, taker.changes.getFirst().next().leader().orElseThrow());
        taker.disconnect(one);
        loseSilently(cluster, one);
        cluster.replica(one).incarnation = Incarnation.NONE;
        taker.connect(one);
        taker.deliver(one);
        taker.receive(one);
        cluster.settle();
        assertEquals(1, taker.events(PartitionEvent.TakeoverFailed.class).size());
        everythingIsThere(cluster, two, three);
        assertTrue(cluster.state.isInSync(two, cluster.replica(two).incarnation));

        taker.takeOver();
        cluster.run(400);
        assertEquals(PartitionStatus.Phase.SERVING, taker.partition.status().phase());
        assertEquals(3, taker.partition.status().highWatermark());
        everythingIsThere(cluster, one, two, three);
    }

    @Test
    void another_log_does_not_lead_though_nobody_knows_what_is_committed() {
        Cluster cluster = committed();
        cluster.nodes.forEach(node -> cluster.replica(node).highWatermark = 0);
        Cluster.Gateway taker = cluster.gateway();
        fence(taker, one, two, three);
        taker.disconnect(one);
        loseSilently(cluster, one);
        cluster.replica(one).incarnation = Incarnation.NONE;
        taker.connect(one);
        taker.deliver(one);
        taker.receive(one);
        cluster.settle();
        assertEquals(1, taker.events(PartitionEvent.TakeoverFailed.class).size());
        everythingIsThere(cluster, two, three);
    }

    @Test
    void a_leader_that_is_found_faulty_during_the_publication_does_not_lead() {
        Cluster cluster = committed();
        Cluster.Gateway taker = cluster.gateway();
        fence(taker, one, two, three);
        taker.hears(
                one,
                new StorageAnswer.Faulty(
                        Cluster.ID,
                        2,
                        cluster.replica(one).incarnation,
                        StorageAnswer.Fault.CORRUPT,
                        "rot"));
        cluster.settle();
        assertEquals(1, taker.events(PartitionEvent.TakeoverFailed.class).size());
        everythingIsThere(cluster, two, three);
    }

    @Test
    void a_log_that_another_proves_wrong_is_not_elected() {
        Cluster cluster = committed();
        loseSilently(cluster, one);
        cluster.replica(one).frames.add(cluster.replica(two).frames.get(0));
        Cluster.Gateway taker = cluster.gateway();
        taker.takeOver();
        cluster.settle();
        assertEquals(PartitionStatus.Phase.SERVING, taker.partition.status().phase());
        assertEquals(
                2, taker.events(PartitionEvent.Published.class).getFirst().state().isr().size());
        assertEquals(3, taker.partition.status().highWatermark());
        everythingIsThere(cluster, one, two, three);
    }

    @Test
    void
            a_follower_that_answers_after_the_publication_ends_the_epoch_and_its_leader_is_not_elected_again() {
        Cluster cluster = committed();
        loseSilently(cluster, one);
        Cluster.Gateway taker = cluster.gateway();
        taker.disconnect(two);
        taker.disconnect(three);
        taker.takeOver();
        cluster.run(3_100);
        assertEquals(PartitionStatus.Phase.SERVING, taker.partition.status().phase(), "alone");

        taker.connect(two);
        cluster.settle();
        assertEquals(PartitionStatus.Phase.IDLE, taker.partition.status().phase());
        String reason = taker.events(PartitionEvent.Stopped.class).getFirst().reason();
        assertTrue(reason.contains("proves the leader's log wrong"), reason);
        everythingIsThere(cluster, two, three);
        assertEquals(
                List.of(),
                taker.outbox.getOrDefault(two, new ArrayDeque<>()).stream()
                        .map(PartitionEffect.Send::request)
                        .filter(request -> !(request instanceof StorageRequest.Fence))
                        .toList());

        taker.disconnect(two);
        taker.takeOver();
        cluster.run(11_000);
        assertInstanceOf(
                PartitionEvent.TakeoverFailed.class,
                taker.events.getLast(),
                "it would lose what is committed again: offline until somebody decides");
        everythingIsThere(cluster, two, three);
    }

    @Test
    void a_replica_that_may_not_be_cut_ends_the_epoch() {
        Cluster cluster = committed();
        loseSilently(cluster, one);
        Cluster.Gateway taker = cluster.gateway();
        taker.disconnect(two);
        taker.disconnect(three);
        taker.takeOver();
        cluster.run(3_100);
        taker.connect(two);
        // It answers the fence with less than it knows, and refuses to be cut.
        cluster.replica(two).highWatermark = 0;
        taker.deliver(two);
        taker.receive(two);
        cluster.replica(two).highWatermark = 3;
        cluster.settle();
        assertEquals(PartitionStatus.Phase.IDLE, taker.partition.status().phase());
        everythingIsThere(cluster, two, three);
    }

    /** The epoch of the records, and that of an unclean election after them. */
    private static final int WRITTEN = 1;

    private static final int ELECTED = 2;

    /** An operator has decided that node-1 counts: the others lose the names of their logs. */
    private Cluster nodeOneIsElected() {
        return nodeOneIsElected(committed());
    }

    private Cluster nodeOneIsElected(Cluster cluster) {
        loseSilently(cluster, one);
        named(cluster, Incarnation.NONE, ELECTED);
        return cluster;
    }

    /** Node 1 leads, the logs of the others are to have this name, and an election was unclean. */
    private void named(Cluster cluster, Incarnation others, int uncleanEpoch) {
        cluster.state =
                new PartitionState(
                        cluster.state.owner(),
                        ELECTED,
                        true,
                        Optional.of(one),
                        List.of(
                                cluster.state.replica(one).orElseThrow().withInSync(true),
                                cluster.state.replica(two).orElseThrow().withIncarnation(others),
                                cluster.state.replica(three).orElseThrow().withIncarnation(others)),
                        1,
                        uncleanEpoch,
                        0);
        cluster.version++;
    }

    @Test
    void after_an_unclean_election_a_log_with_a_new_name_is_judged_by_the_leaders() {
        Cluster cluster = nodeOneIsElected();
        cluster.replica(two).incarnation = Incarnation.NONE;
        Cluster.Gateway taker = cluster.gateway();
        taker.takeOver();
        cluster.run(1_000);
        assertEquals(PartitionStatus.Phase.SERVING, taker.partition.status().phase());
        assertEquals(3, cluster.state.isr().size());
        assertEquals(0, cluster.replica(two).frames.size());
    }

    /** The leader is damaged, so that nobody is emptied beside it; and then its owner changes. */
    private void assertTheNextOwnerServes(Cluster cluster) {
        cluster.replica(one).damaged = true;
        for (int owners = 0; owners < 3; owners++) {
            Cluster.Gateway owner = cluster.gateway();
            owner.takeOver();
            cluster.run(4_000);
            assertEquals(PartitionStatus.Phase.SERVING, owner.partition.status().phase());
            assertEquals(1, cluster.state.isr().size());
            everythingIsThere(cluster, two, three);
            owner.step(new PartitionInput.Resign("test"));
            cluster.nodes.forEach(owner::disconnect);
        }
    }

    @Test
    void after_an_unclean_election_a_log_that_contradicts_the_leader_is_not_named() {
        assertTheNextOwnerServes(nodeOneIsElected());
    }

    /** An owner has recorded new logs for them, and they have not heard of it. */
    @Test
    void nor_is_one_named_that_was_to_be_replaced() {
        Cluster cluster = nodeOneIsElected();
        named(cluster, Incarnation.of(ELECTED, 9), ELECTED);
        assertTheNextOwnerServes(cluster);
    }

    /** The others have lost their power, and the election was before all that they hold. */
    private Cluster electedBeforeTheRecords() {
        Cluster cluster = committed();
        loseSilently(cluster, one);
        named(cluster, Incarnation.NONE, WRITTEN);
        cluster.replica(two).incarnation = Incarnation.NONE;
        cluster.replica(three).incarnation = Incarnation.NONE;
        return cluster;
    }

    private void assertTheEpochEnds(Cluster cluster, Cluster.Gateway taker) {
        cluster.run(1_000);
        String reason = taker.events(PartitionEvent.Stopped.class).getFirst().reason();
        assertTrue(reason.contains("proves the leader's log wrong"), reason);
        everythingIsThere(cluster, two, three);
    }

    @Test
    void an_unclean_election_decides_nothing_over_what_was_written_after_it() {
        Cluster cluster = electedBeforeTheRecords();
        Cluster.Gateway taker = cluster.gateway();
        taker.takeOver();
        assertTheEpochEnds(cluster, taker);
    }

    @Test
    void nor_does_it_over_what_may_not_be_cut() {
        Cluster cluster = electedBeforeTheRecords();
        Cluster.Gateway taker = cluster.gateway();
        taker.disconnect(three);
        fence(taker, one, two);
        // It answers each fence with less than it knows, and refuses to be cut.
        cluster.replica(two).highWatermark = 0;
        untilItHasAName(cluster, taker);
        assertTheEpochEnds(cluster, taker);
    }

    /** The log of node 2 is named, and only then it is known how much of it is committed. */
    private void untilItHasAName(Cluster cluster, Cluster.Gateway taker) {
        while (cluster.replica(two).incarnation.equals(Incarnation.NONE)) {
            taker.store();
            cluster.nodes.forEach(taker::deliver);
            cluster.nodes.forEach(taker::receive);
            cluster.pass(10);
        }
        taker.receive(two);
        cluster.replica(two).highWatermark = 3;
    }

    /** Where the topic lets a replica lead that is not in sync. */
    private static Cluster whereAnyMayLead() {
        return committed(
                PartitionSettings.DEFAULTS
                        .withMinInsyncReplicas(2)
                        .withUncleanWhenAllAnswered(true));
    }

    /**
     * Node 1 has a record that cannot be read, so that node 3 begins anew and stays behind; and
     * node 2 holds what the election has decided against.
     */
    private Cluster.Gateway ownerOfTheElected(Cluster cluster) {
        ModelReplica elected = cluster.replica(one);
        elected.frames.add(cluster.replica(two).frames.getFirst());
        elected.synced = 1;
        elected.damaged = true;
        elected.badOffset = 0;
        cluster.replica(three).wipe();
        Cluster.Gateway owner = cluster.gateway();
        owner.takeOver();
        return owner;
    }

    private void assertAnotherLeads(Cluster cluster, Cluster.Gateway owner) {
        cluster.run(1_000);
        assertEquals(PartitionStatus.Phase.SERVING, owner.partition.status().phase());
        assertEquals(
                PartitionStatus.Stage.LOST, owner.partition.status().replicas().get(1).stage());
        assertEquals(
                PartitionStatus.Stage.RECONCILED,
                owner.partition.status().replicas().get(2).stage());
        assertEquals(1, cluster.state.isr().size());
        owner.disconnect(one);
        cluster.replica(one).wipe();
        owner.connect(one);
        cluster.run(1_000);
        assertEquals(1, owner.events(PartitionEvent.Stopped.class).size());
        everythingIsThere(cluster, two);
        owner.takeOver();
        cluster.run(1_000);
        assertEquals(PartitionStatus.Phase.SERVING, owner.partition.status().phase());
        assertEquals(3, owner.partition.status().highWatermark());
    }

    @Test
    void a_log_that_an_election_has_decided_against_leads_when_no_other_is_left() {
        Cluster cluster = nodeOneIsElected(whereAnyMayLead());
        assertAnotherLeads(cluster, ownerOfTheElected(cluster));
    }

    @Test
    void so_does_one_that_was_named_before_it_showed_what_it_holds() {
        Cluster cluster = nodeOneIsElected(whereAnyMayLead());
        ModelReplica follower = cluster.replica(two);
        follower.incarnation = Incarnation.NONE;
        follower.highWatermark = 0;
        Cluster.Gateway owner = ownerOfTheElected(cluster);
        untilItHasAName(cluster, owner);
        assertAnotherLeads(cluster, owner);
    }
}
