package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ackgate.storage.api.NodeId;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * All replicas come back to their owner after an outage that was longer than
 * replica.lag.time.max.ms, and one of them is slower to reconcile than another.
 */
class ReturningReplicaTest {
    private final Cluster cluster = new Cluster(3, 2);
    private final Cluster.Gateway owner = cluster.owner();
    private final NodeId slow = cluster.state.leader().orElseThrow();
    private final NodeId quick =
            cluster.nodes.stream().filter(node -> !node.equals(slow)).findFirst().orElseThrow();

    private void outage() {
        owner.produce(Acks.ALL, "x");
        cluster.settle();
        cluster.nodes.forEach(owner::disconnect);
        cluster.run(40_000);
        assertEquals(3, cluster.state.isr().size());
        cluster.nodes.forEach(owner::connect);
        onlyTheQuickOne();
    }

    /** Carries what is on its way, without a word from or to the others. */
    private void onlyTheQuickOne() {
        boolean moved = true;
        while (moved) {
            boolean stored = owner.store();
            boolean delivered = owner.deliver(quick);
            boolean received = owner.receive(quick);
            moved = stored || delivered || received;
            owner.sync(quick);
        }
    }

    private List<NodeId> isr() {
        return cluster.state.isr().stream().map(ref -> ref.node()).toList();
    }

    @Test
    void who_has_just_come_back_is_not_judged_by_the_outage() {
        outage();
        cluster.pass(100);
        onlyTheQuickOne();
        assertEquals(cluster.nodes, isr());
        assertEquals(slow, cluster.state.leader().orElseThrow());
        cluster.settle();
        long token = owner.produce(Acks.ALL, "y");
        cluster.settle();
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(token));
        assertEquals(cluster.nodes, isr());
    }

    @Test
    void who_does_not_reconcile_is_judged_all_the_same() {
        outage();
        for (int passed = 0; passed < 31_000; passed += 100) {
            cluster.pass(100);
            onlyTheQuickOne();
        }
        assertEquals(List.of(quick), isr());
        assertEquals(quick, cluster.state.leader().orElseThrow());
    }

    @Test
    void a_stream_that_breaks_again_and_again_gives_no_more_time() {
        outage();
        for (int passed = 0; passed < 31_000; passed += 100) {
            cluster.nodes.stream()
                    .filter(node -> !node.equals(quick))
                    .forEach(
                            node -> {
                                owner.disconnect(node);
                                owner.connect(node);
                            });
            cluster.pass(100);
            onlyTheQuickOne();
        }
        assertEquals(List.of(quick), isr());
    }
}
