package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.ackgate.storage.api.ProducerEntry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a partition says of itself costs nothing while it stands idle, and is never of before. */
class StatusTest {
    private final Cluster cluster = new Cluster(3, 2);
    private final Cluster.Gateway owner = cluster.owner();

    @Test
    void an_idle_partition_is_not_looked_at_again() {
        PartitionStatus before = owner.partition.status();
        assertSame(before, owner.partition.status());
        owner.produce(Acks.ALL, "x");
        assertNotSame(before, owner.partition.status());
        cluster.settle();
        assertEquals(1, owner.partition.status().highWatermark());
    }

    @Test
    void who_asks_in_the_middle_of_a_step_keeps_nobody_from_the_end() {
        List<PartitionStatus.Phase> seen = new ArrayList<>();
        owner.partition.step(
                new PartitionInput.Resign("test"),
                cluster.now,
                effect -> seen.add(owner.partition.status().phase()));
        assertEquals(PartitionStatus.Phase.SERVING, seen.getFirst());
        assertEquals(PartitionStatus.Phase.IDLE, owner.partition.status().phase());
    }

    @Test
    void only_an_owner_knows_of_producers() {
        owner.produce(Acks.ALL, Cluster.batch(7, (short) 0, 0, "x"), false);
        cluster.settle();
        assertEquals(
                List.of(7L),
                owner.partition.producers().stream().map(ProducerEntry::producerId).toList());
        owner.step(new PartitionInput.Resign("test"));
        assertEquals(List.of(), owner.partition.producers());
    }
}
