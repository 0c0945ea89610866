package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Answers that come late, or more often than needed. */
class LateAnswersTest {
    private final NodeId two = new NodeId(2);
    private final NodeId three = new NodeId(3);

    @Test
    void a_fault_that_each_append_under_way_tells_of_delays_no_repair() {
        Cluster cluster = new Cluster(3, 1);
        Cluster.Gateway owner = cluster.owner();
        owner.cutOffFromMetadata = true;
        owner.disconnect(three);
        cluster.run(400);
        assertFalse(owner.changes.isEmpty(), "the repair has to wait for another change");
        var broken = cluster.replica(two).incarnation;
        for (int i = 0; i < 25; i++) {
            owner.hears(
                    two,
                    new StorageAnswer.Faulty(
                            Cluster.ID, 1, broken, StorageAnswer.Fault.CORRUPT, "append " + i));
        }
        owner.cutOffFromMetadata = false;
        cluster.settle();
        assertNotEquals(broken, cluster.state.replica(two).orElseThrow().incarnation());
        assertEquals(2, cluster.state.isr().size(), "it is back without a pause");
    }

    private static PartitionStatus.Stage stage(Cluster.Gateway owner, NodeId node) {
        return owner.partition.status().replicas().stream()
                .filter(replica -> replica.node().equals(node))
                .findFirst()
                .orElseThrow()
                .stage();
    }

    /** The third replica of an owner, which is fenced on a new stream and has answered so. */
    private StorageAnswer.Fenced fencedAgain(Cluster.Gateway owner) {
        owner.disconnect(three);
        owner.connect(three);
        owner.deliver(three);
        return (StorageAnswer.Fenced)
                Objects.requireNonNull(owner.inbox.get(three)).getFirst().answer();
    }

    @Test
    void a_second_answer_to_a_fence_is_not_reconciled_with_once_more() {
        Cluster cluster = new Cluster(3, 1);
        Cluster.Gateway owner = cluster.owner();
        StorageAnswer.Fenced fenced = fencedAgain(owner);
        cluster.settle();
        owner.hears(three, fenced);
        assertEquals(PartitionStatus.Stage.RECONCILED, stage(owner, three));
        assertFalse(owner.deliver(three), "nothing is sent");
        assertEquals(PartitionStatus.Phase.SERVING, owner.partition.status().phase());
    }

    @Test
    void an_answer_to_a_reconcile_counts_for_the_log_that_was_asked_and_while_it_is_awaited() {
        Cluster cluster = new Cluster(3, 1);
        Cluster.Gateway owner = cluster.owner();
        fencedAgain(owner);
        var its = cluster.replica(three).incarnation;
        owner.hears(three, new StorageAnswer.Reconciled(Cluster.ID, 1, its, 0));
        assertEquals(PartitionStatus.Stage.FENCING, stage(owner, three), "it was not asked yet");
        owner.receive(three);
        owner.hears(three, new StorageAnswer.Reconciled(Cluster.ID, 1, Incarnation.of(9, 9), 0));
        assertEquals(PartitionStatus.Stage.RECONCILING, stage(owner, three), "another log");
        owner.hears(three, new StorageAnswer.Reconciled(Cluster.ID, 1, its, 0));
        assertEquals(PartitionStatus.Stage.RECONCILED, stage(owner, three));
    }

    private static StorageAnswer refused(StorageAnswer.Refusal reason) {
        return new StorageAnswer.Refused(Cluster.ID, 1, reason, 1, 0, "");
    }

    @Test
    void the_refusal_of_an_append_before_a_fence_is_not_taken_for_that_of_the_fence() {
        Cluster cluster = new Cluster(3, 1);
        Cluster.Gateway owner = cluster.owner();
        fencedAgain(owner);
        owner.hears(three, refused(StorageAnswer.Refusal.NOT_RECONCILED));
        owner.hears(three, refused(StorageAnswer.Refusal.GAP));
        assertEquals(PartitionStatus.Stage.FENCING, stage(owner, three));
        owner.hears(three, refused(StorageAnswer.Refusal.STORAGE_ERROR));
        assertEquals(PartitionStatus.Stage.PAUSED, stage(owner, three));
    }

    @Test
    void a_refusal_says_nothing_more_of_a_replica_that_is_paused() {
        Cluster cluster = new Cluster(3, 1);
        Cluster.Gateway owner = cluster.owner();
        owner.hears(three, refused(StorageAnswer.Refusal.STORAGE_ERROR));
        assertEquals(PartitionStatus.Stage.PAUSED, stage(owner, three));
        owner.hears(three, refused(StorageAnswer.Refusal.STORAGE_ERROR));
        assertEquals(1, owner.events(PartitionEvent.ReplicaRefused.class).size());
    }

    @Test
    void a_refusal_of_a_replica_that_has_no_log_begins_nothing() {
        Cluster cluster = new Cluster(3, 1);
        Cluster.Gateway owner = cluster.owner();
        owner.cutOffFromMetadata = true;
        owner.hears(three, new StorageAnswer.Missing(Cluster.ID, 1));
        owner.hears(three, refused(StorageAnswer.Refusal.STORAGE_ERROR));
        assertEquals(PartitionStatus.Stage.LOST, stage(owner, three));
    }
}
