package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A log that was not in sync is elected; its node starts again before the log has its new
 * incarnation. What the node answers then need not be what was elected.
 */
class UncleanLeaderTest {
    private final NodeId one = new NodeId(1);
    private final NodeId two = new NodeId(2);
    private final NodeId three = new NodeId(3);

    private final Cluster cluster =
            new Cluster(
                    3,
                    PartitionSettings.DEFAULTS
                            .withMinInsyncReplicas(2)
                            .withUncleanWhenAllAnswered(true));

    private Cluster.Gateway taker = cluster.owner();

    /** Three records are committed, all lose their power, and one of them is elected. */
    @BeforeEach
    void oneIsElected() {
        for (int i = 0; i < 3; i++) {
            taker.produce(Acks.ALL, "record " + i);
        }
        cluster.settle();
        taker.step(new PartitionInput.Resign("test"));
        cluster.gateways.clear();
        cluster.nodes.forEach(node -> cluster.replica(node).incarnation = Incarnation.NONE);
        taker = cluster.gateway();
        taker.takeOver();
        taker.store();
        for (NodeId node : cluster.nodes) {
            carry(node);
        }
        assertEquals(1, taker.changes.size(), "its election is under way to the metadata store");
    }

    private void carry(NodeId node) {
        while (taker.deliver(node) || taker.receive(node)) {}
    }

    /** The election is published, and the assignment of the new incarnation is on its way. */
    private void published() {
        taker.store();
        assertTrue(Cluster.lastRequest(taker, one) instanceof StorageRequest.Assign);
    }

    private void loseTheLast(int records) {
        ModelReplica replica = cluster.replica(one);
        for (int i = 0; i < records; i++) {
            replica.frames.removeLast();
        }
        replica.synced = replica.frames.size();
        replica.highWatermark = Math.min(replica.highWatermark, replica.logEnd());
        replica.incarnation = Incarnation.NONE;
    }

    private void startsAgain() {
        taker.disconnect(one);
        taker.connect(one);
    }

    private void assertGivenUp() {
        cluster.settle();
        assertEquals(PartitionStatus.Phase.IDLE, taker.partition.status().phase());
    }

    /** The next takeover elects another, and none of the records is lost. */
    private void assertAnotherLeadsWithAllRecords() {
        assertTheNextTakeoverKeepsAllRecords();
        assertEquals(two, cluster.state.leader().orElseThrow());
    }

    private void assertTheNextTakeoverKeepsAllRecords() {
        assertGivenUp();
        taker.takeOver();
        taker.step(new PartitionInput.ElectUnclean(Mandate.LONGEST));
        cluster.run(4_000);
        assertEquals(PartitionStatus.Phase.SERVING, taker.partition.status().phase());
        for (NodeId node : cluster.nodes) {
            assertEquals(3, cluster.replica(node).frames.size(), node.toString());
        }
    }

    private void assertLeadsWithAllRecords() {
        cluster.run(2_000);
        assertEquals(PartitionStatus.Phase.SERVING, taker.partition.status().phase());
        assertEquals(2, cluster.state.leaderEpoch());
        assertEquals(one, cluster.state.leader().orElseThrow());
        for (NodeId node : cluster.nodes) {
            assertEquals(3, cluster.replica(node).frames.size(), node.toString());
        }
    }

    @Test
    void it_is_assigned_once_on_each_stream() {
        published();
        cluster.pass(500);
        assertTrue(taker.deliver(one));
        assertFalse(taker.deliver(one));
        startsAgain();
        carry(one);
        assertLeadsWithAllRecords();
    }

    @Test
    void its_disk_is_gone_before_the_election_is_published() {
        cluster.replica(one).wipe();
        startsAgain();
        carry(one);
        taker.store();
        assertAnotherLeadsWithAllRecords();
    }

    @Test
    void its_disk_is_gone_before_it_is_assigned() {
        published();
        cluster.replica(one).wipe();
        startsAgain();
        assertAnotherLeadsWithAllRecords();
    }

    @Test
    void its_disk_is_gone_and_it_says_so_only_after_the_election_is_published() {
        cluster.replica(one).wipe();
        startsAgain();
        taker.store();
        assertAnotherLeadsWithAllRecords();
    }

    @Test
    void it_loses_records_before_the_election_is_published() {
        loseTheLast(2);
        startsAgain();
        carry(one);
        taker.store();
        assertAnotherLeadsWithAllRecords();
    }

    @Test
    void it_loses_records_before_it_is_assigned() {
        published();
        loseTheLast(2);
        startsAgain();
        assertAnotherLeadsWithAllRecords();
    }

    /** It has its new incarnation, and less than was elected. */
    @Test
    void it_loses_records_once_it_is_assigned() {
        published();
        taker.deliver(one);
        Incarnation assigned = cluster.replica(one).incarnation;
        loseTheLast(2);
        cluster.replica(one).incarnation = assigned;
        startsAgain();
        assertGivenUp();
        assertEquals(3, cluster.replica(two).frames.size());
        assertEquals(3, cluster.replica(three).frames.size());
    }

    @Test
    void it_comes_back_with_another_log() {
        published();
        cluster.replica(one).incarnation = Incarnation.of(1, 9);
        startsAgain();
        assertTheNextTakeoverKeepsAllRecords();
    }

    @Test
    void it_is_faulty_before_it_is_assigned() {
        published();
        cluster.replica(one).fault = StorageAnswer.Fault.CORRUPT;
        startsAgain();
        assertGivenUp();
        cluster.replica(one).wipe();
        cluster.replica(one).fault = null;
        assertAnotherLeadsWithAllRecords();
    }

    @Test
    void it_comes_back_with_the_log_that_was_elected() {
        published();
        startsAgain();
        assertLeadsWithAllRecords();
    }

    @Test
    void it_comes_back_with_that_log_under_its_new_incarnation() {
        published();
        taker.deliver(one);
        startsAgain();
        assertLeadsWithAllRecords();
    }

    @Test
    void it_is_away_while_the_election_is_published_and_is_waited_for() {
        taker.disconnect(one);
        taker.store();
        cluster.run(500);
        assertEquals(PartitionStatus.Phase.PUBLISHING, taker.partition.status().phase());
        taker.connect(one);
        assertLeadsWithAllRecords();
    }

    @Test
    void it_refuses_for_a_while_and_is_asked_again() {
        published();
        cluster.replica(one).refusal = StorageAnswer.Refusal.STORAGE_ERROR;
        startsAgain();
        cluster.run(500);
        assertEquals(PartitionStatus.Phase.PUBLISHING, taker.partition.status().phase());
        cluster.replica(one).refusal = null;
        assertLeadsWithAllRecords();
    }
}
