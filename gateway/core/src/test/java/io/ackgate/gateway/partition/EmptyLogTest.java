package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import org.junit.jupiter.api.Test;

/** What brings a partition back of which no replica has a log that can be used. */
class EmptyLogTest {
    private static final PartitionSettings SETTINGS =
            PartitionSettings.DEFAULTS.withMinInsyncReplicas(2).withUncleanWhenAllAnswered(true);
    private static final Mandate EMPTY = new Mandate(null, true);

    private final NodeId one = new NodeId(1);
    private final NodeId two = new NodeId(2);
    private final NodeId three = new NodeId(3);

    /** Three records are committed, and the gateway is gone. */
    private static Cluster committed() {
        Cluster cluster = new Cluster(3, SETTINGS);
        Cluster.Gateway first = cluster.owner();
        for (int i = 0; i < 3; i++) {
            first.produce(Acks.ALL, "record " + i);
        }
        cluster.settle();
        first.step(new PartitionInput.Resign("test"));
        cluster.gateways.clear();
        return cluster;
    }

    private static void replaceDisk(Cluster cluster, NodeId... nodes) {
        for (NodeId node : nodes) {
            cluster.replica(node).wipe();
        }
    }

    private static Cluster.Gateway taker(Cluster cluster) {
        Cluster.Gateway taker = cluster.gateway();
        taker.step(new PartitionInput.StateObserved(cluster.version, cluster.state));
        return taker;
    }

    private static void assertServesEmpty(Cluster cluster, Cluster.Gateway taker, NodeId leader) {
        cluster.run(4_000);
        assertEquals(PartitionStatus.Phase.SERVING, taker.partition.status().phase());
        assertEquals(leader, cluster.state.leader().orElseThrow());
        assertEquals(1, cluster.state.uncleanElections());
        assertEquals(cluster.state.lastUncleanEpoch(), cluster.state.lastEmptiedEpoch());
        assertFalse(taker.events(PartitionEvent.UncleanElection.class).getFirst().keepsLog());
        long token = taker.produce(Acks.ALL, "the first one again");
        cluster.run(2_000);
        assertInstanceOf(ProduceOutcome.Written.class, taker.outcome(token));
        assertEquals(3, cluster.state.isr().size());
        for (NodeId node : cluster.nodes) {
            assertEquals(1, cluster.replica(node).frames.size());
        }
    }

    private static void assertNothingDone(Cluster cluster, Cluster.Gateway taker) {
        cluster.run(11_000);
        assertEquals(PartitionStatus.Phase.IDLE, taker.partition.status().phase());
        assertEquals(0, cluster.state.uncleanElections());
    }

    @Test
    void all_disks_are_new_and_an_operator_gives_all_records_up() {
        Cluster cluster = committed();
        replaceDisk(cluster, one, two, three);
        Cluster.Gateway taker = taker(cluster);
        taker.step(new PartitionInput.ElectUnclean(EMPTY));
        assertServesEmpty(cluster, taker, one);
    }

    @Test
    void without_that_word_it_stays_offline_and_says_what_is_left() {
        Cluster cluster = committed();
        replaceDisk(cluster, one, two, three);
        Cluster.Gateway taker = taker(cluster);
        taker.step(new PartitionInput.ElectUnclean(Mandate.LONGEST));
        assertNothingDone(cluster, taker);
        String reason = taker.events(PartitionEvent.TakeoverFailed.class).getFirst().reason();
        assertTrue(reason.contains("node-3 (in sync) has no log; an operator may elect"), reason);
        assertTrue(reason.contains("a new, empty log, which gives all records up"), reason);
    }

    @Test
    void a_disk_without_a_log_goes_before_a_faulty_one_and_both_are_repaired() {
        Cluster cluster = committed();
        cluster.nodes.forEach(node -> cluster.replica(node).fault = StorageAnswer.Fault.CORRUPT);
        replaceDisk(cluster, two);
        cluster.replica(two).fault = null;
        Cluster.Gateway taker = taker(cluster);
        taker.step(new PartitionInput.ElectUnclean(EMPTY));
        assertServesEmpty(cluster, taker, two);
    }

    @Test
    void while_anybody_has_a_log_that_log_leads() {
        Cluster cluster = committed();
        replaceDisk(cluster, one, two);
        cluster.replica(three).incarnation = Incarnation.NONE;
        Cluster.Gateway taker = taker(cluster);
        taker.step(new PartitionInput.ElectUnclean(EMPTY));
        cluster.run(4_000);
        assertEquals(three, cluster.state.leader().orElseThrow());
        assertEquals(0, cluster.state.lastEmptiedEpoch());
        for (NodeId node : cluster.nodes) {
            assertEquals(3, cluster.replica(node).frames.size());
        }
    }

    @Test
    void nobody_is_made_empty_by_name_while_another_has_a_log() {
        Cluster cluster = committed();
        replaceDisk(cluster, one, two);
        cluster.replica(three).incarnation = Incarnation.NONE;
        Cluster.Gateway taker = taker(cluster);
        taker.step(new PartitionInput.ElectUnclean(new Mandate(one, true)));
        assertNothingDone(cluster, taker);
    }

    /** One and two have no log, and what three has is not known. */
    private Cluster.Gateway nothingIsDoneFor(Cluster cluster, Mandate mandate) {
        replaceDisk(cluster, one, two);
        Cluster.Gateway taker = taker(cluster);
        if (cluster.replica(three).refusal == null && cluster.replica(three).fault == null) {
            taker.disconnect(three);
        }
        taker.step(new PartitionInput.ElectUnclean(mandate));
        assertNothingDone(cluster, taker);
        String reason = taker.events(PartitionEvent.TakeoverFailed.class).getFirst().reason();
        assertTrue(reason.contains("node-3 may have the log still"), reason);
        assertFalse(reason.contains("an operator may elect"), reason);
        return taker;
    }

    private void assertTheLogComesBack(Cluster cluster, Cluster.Gateway taker) {
        taker.takeOver();
        cluster.run(4_000);
        assertEquals(three, cluster.state.leader().orElseThrow());
        assertEquals(0, cluster.state.uncleanElections());
        for (NodeId node : cluster.nodes) {
            assertEquals(3, cluster.replica(node).frames.size());
        }
    }

    @Test
    void a_replica_that_is_silent_may_have_the_log_however_long() {
        Cluster cluster = committed();
        Cluster.Gateway taker = nothingIsDoneFor(cluster, EMPTY);
        taker.connect(three);
        assertTheLogComesBack(cluster, taker);
    }

    @Test
    void a_replica_that_refuses_may_have_the_log_however_long() {
        Cluster cluster = committed();
        cluster.replica(three).refusal = StorageAnswer.Refusal.STORAGE_ERROR;
        Cluster.Gateway taker = nothingIsDoneFor(cluster, EMPTY);
        cluster.replica(three).refusal = null;
        assertTheLogComesBack(cluster, taker);
    }

    @Test
    void a_replica_whose_writes_failed_may_have_the_log() {
        Cluster cluster = committed();
        cluster.replica(three).fault = StorageAnswer.Fault.IO_ERROR;
        Cluster.Gateway taker = nothingIsDoneFor(cluster, new Mandate(one, true));
        cluster.replica(three).fault = null;
        assertTheLogComesBack(cluster, taker);
    }

    @Test
    void none_is_made_empty_by_name_whose_writes_failed() {
        Cluster cluster = committed();
        cluster.replica(three).fault = StorageAnswer.Fault.IO_ERROR;
        Cluster.Gateway taker = nothingIsDoneFor(cluster, new Mandate(three, true));
        cluster.replica(three).fault = null;
        assertTheLogComesBack(cluster, taker);
    }

    /** One of them is to begin with an empty log, which is being published. */
    private Cluster.Gateway publishing(Cluster cluster, NodeId leader) {
        replaceDisk(cluster, one, two);
        cluster.replica(three).exists = false;
        Cluster.Gateway taker = taker(cluster);
        taker.step(new PartitionInput.ElectUnclean(new Mandate(leader, true)));
        taker.store();
        for (NodeId node : cluster.nodes) {
            while (taker.deliver(node) || taker.receive(node)) {}
        }
        assertEquals(PartitionStatus.Phase.PUBLISHING, taker.partition.status().phase());
        return taker;
    }

    /** The node of three has started again, and has found its log. */
    private void comesBack(Cluster cluster, Cluster.Gateway taker) {
        cluster.replica(three).exists = true;
        taker.connect(three);
        while (taker.deliver(three) || taker.receive(three)) {}
        cluster.settle();
        assertEquals(PartitionStatus.Phase.IDLE, taker.partition.status().phase());
        assertEquals(3, cluster.replica(three).frames.size());
        taker.step(new PartitionInput.ElectUnclean(Mandate.LONGEST));
        cluster.run(4_000);
        assertEquals(three, cluster.state.leader().orElseThrow());
        for (NodeId node : cluster.nodes) {
            assertEquals(3, cluster.replica(node).frames.size());
        }
    }

    @Test
    void a_log_that_comes_back_while_the_empty_one_is_published_is_kept() {
        Cluster cluster = committed();
        comesBack(cluster, publishing(cluster, one));
    }

    @Test
    void so_is_that_of_the_one_that_was_to_begin_empty() {
        Cluster cluster = committed();
        comesBack(cluster, publishing(cluster, three));
    }

    /** What three has is not known any more when the empty log is published. */
    private void isKeptThoughNotYetSeen(Cluster cluster, Cluster.Gateway taker) {
        taker.store();
        comesBack(cluster, taker);
    }

    @Test
    void a_log_that_may_come_back_is_kept_before_its_node_has_answered() {
        Cluster cluster = committed();
        Cluster.Gateway taker = publishing(cluster, one);
        taker.disconnect(three);
        isKeptThoughNotYetSeen(cluster, taker);
    }

    @Test
    void so_is_one_whose_node_refuses_after_its_restart() {
        Cluster cluster = committed();
        Cluster.Gateway taker = publishing(cluster, one);
        cluster.replica(three).exists = true;
        cluster.replica(three).refusal = StorageAnswer.Refusal.STORAGE_ERROR;
        taker.connect(three);
        while (taker.deliver(three) || taker.receive(three)) {}
        cluster.replica(three).refusal = null;
        isKeptThoughNotYetSeen(cluster, taker);
    }

    @Test
    void so_is_one_whose_writes_failed() {
        Cluster cluster = committed();
        Cluster.Gateway taker = publishing(cluster, one);
        cluster.replica(three).exists = true;
        cluster.replica(three).fault = StorageAnswer.Fault.IO_ERROR;
        taker.connect(three);
        while (taker.deliver(three) || taker.receive(three)) {}
        cluster.replica(three).fault = null;
        isKeptThoughNotYetSeen(cluster, taker);
    }

    @Test
    void a_log_that_comes_back_before_the_empty_one_is_assigned_is_kept() {
        Cluster cluster = committed();
        Cluster.Gateway taker = publishing(cluster, three);
        taker.store();
        assertInstanceOf(StorageRequest.Assign.class, Cluster.lastRequest(taker, three));
        comesBack(cluster, taker);
    }

    @Test
    void so_is_one_that_comes_back_while_nobody_is_heard_of_the_one_that_is_to_begin_empty() {
        Cluster cluster = committed();
        Cluster.Gateway taker = publishing(cluster, one);
        taker.disconnect(one);
        taker.store();
        cluster.replica(three).exists = true;
        taker.connect(three);
        while (taker.deliver(three) || taker.receive(three)) {}
        assertEquals(PartitionStatus.Phase.IDLE, taker.partition.status().phase());
    }

    @Test
    void an_owner_none_of_whose_replicas_has_a_log_says_so() {
        Cluster cluster = new Cluster(3, SETTINGS.withMinInsyncReplicas(1));
        Cluster.Gateway owner = cluster.owner();
        owner.produce(Acks.ALL, "x");
        cluster.settle();
        for (NodeId node : cluster.nodes) {
            cluster.replica(node).fault = StorageAnswer.Fault.CORRUPT;
            owner.disconnect(node);
            owner.connect(node);
        }
        cluster.settle();
        assertEquals(PartitionStatus.Phase.IDLE, owner.partition.status().phase());
        assertEquals(0, cluster.state.uncleanElections());
        owner.step(new PartitionInput.ElectUnclean(EMPTY));
        assertServesEmpty(cluster, owner, one);
    }
}
