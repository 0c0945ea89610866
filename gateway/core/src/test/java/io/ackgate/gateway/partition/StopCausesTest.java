package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.gateway.partition.PartitionEvent.StopCause;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An owner that stops says why, for those who count it. */
class StopCausesTest {
    private final Cluster cluster = new Cluster(3, 2);
    private final Cluster.Gateway owner = cluster.owner();

    private List<StopCause> causes() {
        return owner.events(PartitionEvent.Stopped.class).stream()
                .map(PartitionEvent.Stopped::cause)
                .toList();
    }

    private void anotherTakesOver() {
        cluster.gateway().takeOver();
        cluster.settle();
    }

    @Test
    void a_storage_node_has_promised_itself_to_another() {
        anotherTakesOver();
        owner.produce(Acks.LEADER, "x");
        cluster.settle();
        assertEquals(List.of(StopCause.FENCED), causes());
    }

    @Test
    void the_metadata_store_names_another() {
        anotherTakesOver();
        owner.step(new PartitionInput.StateObserved(cluster.version, cluster.state));
        assertEquals(List.of(StopCause.SUPERSEDED), causes());
    }

    @Test
    void it_is_told_to() {
        owner.step(new PartitionInput.Resign("test"));
        assertEquals(List.of(StopCause.RESIGNED), causes());
    }
}
