package io.ackgate.gateway.topic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.TopicId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplicaPlacementTest {
    private static final TopicId TOPIC = new TopicId(3, 4);

    private static List<NodeId> nodes(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(NodeId::new).toList();
    }

    @Test
    void every_partition_has_its_replicas_on_different_nodes() {
        for (int nodes = 1; nodes <= 6; nodes++) {
            for (int factor = 1; factor <= nodes; factor++) {
                List<List<NodeId>> all =
                        ReplicaPlacement.assign(TOPIC, 0, 50, factor, nodes(nodes));
                assertEquals(50, all.size());
                for (List<NodeId> replicas : all) {
                    assertEquals(factor, new HashSet<>(replicas).size(), replicas.toString());
                }
            }
        }
    }

    @Test
    void leaders_and_replicas_are_spread_evenly() {
        Map<NodeId, Integer> first = new HashMap<>();
        Map<NodeId, Integer> any = new HashMap<>();
        for (List<NodeId> replicas : ReplicaPlacement.assign(TOPIC, 0, 60, 3, nodes(5))) {
            first.merge(replicas.getFirst(), 1, Integer::sum);
            replicas.forEach(node -> any.merge(node, 1, Integer::sum));
        }
        nodes(5).forEach(node -> assertEquals(12, first.get(node)));
        nodes(5).forEach(node -> assertEquals(36, any.get(node)));
    }

    @Test
    void what_a_node_led_is_led_by_many_when_it_is_gone() {
        NodeId gone = new NodeId(1);
        HashSet<NodeId> heirs = new HashSet<>();
        for (List<NodeId> replicas : ReplicaPlacement.assign(TOPIC, 0, 40, 3, nodes(5))) {
            if (replicas.getFirst().equals(gone)) {
                heirs.add(replicas.get(1));
            }
        }
        assertEquals(4, heirs.size());
    }

    @Test
    void partitions_that_are_added_go_on_where_the_others_ended() {
        List<List<NodeId>> all = ReplicaPlacement.assign(TOPIC, 0, 12, 2, nodes(4));
        assertEquals(all.subList(5, 12), ReplicaPlacement.assign(TOPIC, 5, 12, 2, nodes(4)));
    }

    @Test
    void topics_of_one_partition_do_not_all_begin_on_one_node() {
        HashSet<NodeId> first = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            TopicId topic = new TopicId(i * 77L, i * 31L);
            first.add(ReplicaPlacement.assign(topic, 0, 1, 1, nodes(3)).getFirst().getFirst());
        }
        assertTrue(first.size() == 3, "first replicas on " + first);
    }

    private static List<NodeId> of(int... nodes) {
        return IntStream.of(nodes).mapToObj(NodeId::new).toList();
    }

    /** Followers go on from the first replica, one node further with each round. */
    @Test
    void two_rounds_over_five_nodes_and_a_bit() {
        assertEquals(
                List.of(
                        of(3, 4, 5),
                        of(4, 5, 1),
                        of(5, 1, 2),
                        of(1, 2, 3),
                        of(2, 3, 4),
                        of(3, 5, 1),
                        of(4, 1, 2),
                        of(5, 2, 3),
                        of(1, 3, 4),
                        of(2, 4, 5),
                        of(3, 1, 2),
                        of(4, 2, 3)),
                ReplicaPlacement.assign(TOPIC, 0, 12, 3, nodes(5)));
    }

    /** As the java.lang.Long of {@code high ^ low} hashes: both halves of a topic's id count. */
    @Test
    void where_a_topic_begins_depends_on_all_of_its_id() {
        List<NodeId> begin =
                IntStream.range(0, 64)
                        .mapToObj(bit -> new TopicId(0, 1L << bit))
                        .map(id -> ReplicaPlacement.assign(id, 0, 1, 1, nodes(5)))
                        .map(assigned -> assigned.getFirst().getFirst())
                        .toList();
        for (int bit = 0; bit < 64; bit++) {
            TopicId high = new TopicId(1L << bit, 0);
            assertEquals(
                    begin.get(bit),
                    ReplicaPlacement.assign(high, 0, 1, 1, nodes(5)).getFirst().getFirst());
            assertTrue(!begin.get(bit).equals(new NodeId(1)), "bit " + bit + " counts");
        }
        TopicId alike = new TopicId(7, 7);
        assertEquals(of(1), ReplicaPlacement.assign(alike, 0, 1, 1, nodes(5)).getFirst());
    }
}
