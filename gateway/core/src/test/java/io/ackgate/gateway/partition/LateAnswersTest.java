package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
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
}
