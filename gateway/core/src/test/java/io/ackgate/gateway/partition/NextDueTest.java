package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.NodeId;
import org.junit.jupiter.api.Test;

/** An owner that waits for nothing need not be told the time. */
class NextDueTest {
    private static final long NEVER = Long.MAX_VALUE;

    private final Cluster cluster = new Cluster(3, 2);
    private final Cluster.Gateway owner = cluster.owner();

    private long due() {
        return owner.partition.nextDueNanos();
    }

    private void quiet() {
        cluster.run(50);
        assertEquals(NEVER, due());
    }

    @Test
    void nothing_is_due_where_all_replicas_have_everything() {
        quiet();
        owner.produce(Acks.ALL, "x");
        assertTrue(due() <= cluster.now, "the replicas have to take it");
        quiet();
        assertEquals(1, cluster.replica(cluster.nodes.getFirst()).highWatermark);
    }

    @Test
    void a_read_that_waits_is_due_at_its_deadline() {
        quiet();
        long token = owner.fetch(0, 1, 1);
        assertEquals(cluster.now + 10_000_000_000L, due());
        owner.step(new PartitionInput.Cancel(token));
        assertEquals(NEVER, due());
    }

    @Test
    void a_read_that_the_leader_does_not_answer_is_due_when_it_is_given_up() {
        owner.produce(Acks.ALL, "x");
        quiet();
        long token = owner.fetch(0, 1, 1);
        assertEquals(cluster.now + 30_000_000_000L, due());
        owner.step(new PartitionInput.Cancel(token));
        assertEquals(NEVER, due());
    }

    @Test
    void a_replica_that_is_away_is_watched_until_it_has_left_the_isr() {
        quiet();
        NodeId away =
                cluster.nodes.stream()
                        .filter(node -> !node.equals(cluster.state.leader().orElseThrow()))
                        .findFirst()
                        .orElseThrow();
        owner.disconnect(away);
        assertTrue(due() <= cluster.now);
        cluster.run(1_000);
        assertEquals(2, cluster.state.isr().size());
        assertEquals(NEVER, due());
        owner.connect(away);
        assertTrue(due() <= cluster.now);
        cluster.run(1_000);
        assertEquals(3, cluster.state.isr().size());
        assertEquals(NEVER, due());
    }
}
