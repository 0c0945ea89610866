package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.storage.api.NodeId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Every order in which up to four replicas can acknowledge, for each acks, each ISR and each
 * min.insync.replicas, against an oracle of two lines.
 */
class AcknowledgementOrderTest {
    private int cases;

    @Test
    void completes_exactly_when_acks_says() {
        for (int replicas = 1; replicas <= 4; replicas++) {
            for (int min = 1; min <= replicas; min++) {
                for (int down = 0; down < 1 << (replicas - 1); down++) {
                    for (Acks acks : List.of(Acks.LEADER, Acks.ALL)) {
                        for (List<NodeId> order : permutations(nodes(replicas))) {
                            check(replicas, min, down, acks, order);
                        }
                    }
                }
            }
        }
        assertEquals(2 * (1 + 2 * 2 * 2 + 3 * 4 * 6 + 4 * 8 * 24), cases);
    }

    /** {@code down} is a bit per follower that has left the ISR before the append. */
    private void check(int replicas, int min, int down, Acks acks, List<NodeId> order) {
        cases++;
        Cluster cluster = new Cluster(replicas, min);
        Cluster.Gateway owner = cluster.owner();
        NodeId leader = cluster.state.leader().orElseThrow();
        Set<NodeId> isr = new LinkedHashSet<>(cluster.nodes);
        for (int follower = 0; follower < replicas - 1; follower++) {
            if ((down & 1 << follower) != 0) {
                NodeId node =
                        cluster.nodes.stream()
                                .filter(n -> !n.equals(leader))
                                .toList()
                                .get(follower);
                owner.disconnect(node);
                isr.remove(node);
            }
        }
        cluster.run(400);
        assertEquals(isr.size(), cluster.state.isr().size());

        long token = owner.produce(acks, "x");
        if (acks == Acks.ALL && isr.size() < min) {
            ProduceOutcome.Failed failed =
                    assertInstanceOf(ProduceOutcome.Failed.class, owner.outcome(token));
            assertEquals(ErrorCode.NOT_ENOUGH_REPLICAS, failed.error());
            assertEquals(WriteStatus.NOT_WRITTEN, failed.writeStatus());
            assertEquals(0, cluster.replica(leader).frames.size());
            return;
        }
        cluster.nodes.forEach(owner::deliver);
        Set<NodeId> acknowledged = new LinkedHashSet<>();
        Set<NodeId> holders = Set.of();
        for (NodeId node : order) {
            owner.sync(node);
            owner.receive(node);
            acknowledged.add(node);
            boolean fulfilled =
                    acks == Acks.LEADER
                            ? acknowledged.contains(leader)
                            : acknowledged.containsAll(isr);
            if (fulfilled) {
                ProduceOutcome.Written written =
                        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(token));
                assertEquals(0, written.baseOffset());
                assertEquals(isr.size(), written.isrSize());
                if (holders.isEmpty()) {
                    // It is told of those that have acknowledged by then, and of nobody else.
                    holders = new LinkedHashSet<>(acknowledged);
                    holders.retainAll(isr);
                }
                assertEquals(holders.size(), written.replicas().size());
                assertEquals(holders, Set.copyOf(written.replicas()));
            } else {
                assertNull(owner.outcome(token), () -> order + " after " + acknowledged);
            }
            // The high watermark needs the whole ISR, and an ISR of min.insync.replicas.
            boolean committed = isr.size() >= min && acknowledged.containsAll(isr);
            assertEquals(committed ? 1 : 0, owner.partition.status().highWatermark());
        }
    }

    private static List<NodeId> nodes(int count) {
        return new Cluster(count, 1).nodes;
    }

    private static List<List<NodeId>> permutations(List<NodeId> nodes) {
        if (nodes.isEmpty()) {
            return List.of(List.of());
        }
        List<List<NodeId>> all = new ArrayList<>();
        for (NodeId first : nodes) {
            for (List<NodeId> rest :
                    permutations(nodes.stream().filter(n -> !n.equals(first)).toList())) {
                List<NodeId> order = new ArrayList<>(List.of(first));
                order.addAll(rest);
                all.add(order);
            }
        }
        return all;
    }
}
