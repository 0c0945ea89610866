package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import org.junit.jupiter.api.Test;

/** A partition in which what must hold does not ends its epoch, and says so. */
class BrokenInvariantTest {
    private final Cluster cluster = new Cluster(3, 2);
    private final Cluster.Gateway owner = cluster.owner();

    @Test
    void a_replica_that_acknowledges_what_it_was_not_sent_ends_the_epoch_loudly() {
        long token = owner.produce(Acks.ALL, "x");
        NodeId node = new NodeId(2);
        var log = cluster.state.replica(node).orElseThrow().incarnation();
        owner.hears(node, new StorageAnswer.Appended(Cluster.ID, 1, log, 5));
        PartitionEvent.InvariantBroken broken =
                owner.events(PartitionEvent.InvariantBroken.class).getFirst();
        assertEquals("node-2 acknowledged 5, was sent up to 1", broken.detail());
        assertTrue(owner.partition.isIdle());
        ProduceOutcome.Failed failed =
                assertInstanceOf(ProduceOutcome.Failed.class, owner.outcome(token));
        assertEquals(WriteStatus.MAY_HAVE_BEEN_WRITTEN, failed.writeStatus());
        // Whoever hears of both hears of the reason first.
        assertTrue(
                owner.events.indexOf(broken)
                        < owner.events.indexOf(
                                owner.events(PartitionEvent.Stopped.class).getFirst()));
    }

    @Test
    void so_does_one_that_reconciles_beyond_the_end_of_the_log() {
        NodeId node = new NodeId(2);
        var log = cluster.state.replica(node).orElseThrow().incarnation();
        owner.disconnect(node);
        owner.connect(node);
        owner.deliver(node);
        owner.receive(node);
        owner.hears(node, new StorageAnswer.Reconciled(Cluster.ID, 1, log, 5));
        assertEquals(
                "node-2 reconciled at 5, beyond the owner's end 0",
                owner.events(PartitionEvent.InvariantBroken.class).getFirst().detail());
        assertTrue(owner.partition.isIdle());
    }
}
