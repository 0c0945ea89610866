package io.ackgate.gateway.ownership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RendezvousTest {
    private static final List<GatewaySession> FOUR =
            List.of(session(1), session(2), session(3), session(4));

    private static GatewaySession session(long value) {
        return new GatewaySession(value * 0x1234_5678_9ABCL);
    }

    private static List<PartitionId> partitions() {
        TopicId topic = new TopicId(11, 12);
        return IntStream.range(0, 4_000).mapToObj(i -> new PartitionId(topic, i)).toList();
    }

    private static GatewaySession preferred(PartitionId id, List<GatewaySession> live) {
        return Rendezvous.order(id, live).getFirst();
    }

    @Test
    void every_partition_has_one_preferred_owner_and_each_gateway_its_share() {
        Map<GatewaySession, Integer> shares = new HashMap<>();
        for (PartitionId id : partitions()) {
            shares.merge(preferred(id, FOUR), 1, Integer::sum);
        }
        assertEquals(4, shares.size());
        shares.values()
                .forEach(share -> assertTrue(share > 850 && share < 1_150, "shares " + shares));
    }

    @Test
    void a_gateway_that_leaves_moves_only_its_own_partitions() {
        List<GatewaySession> three = FOUR.subList(0, 3);
        for (PartitionId id : partitions()) {
            GatewaySession before = preferred(id, FOUR);
            if (!before.equals(FOUR.get(3))) {
                assertEquals(before, preferred(id, three));
            }
        }
    }

    @Test
    void the_order_is_the_same_for_all_who_see_the_same_gateways_and_outlives_one_that_leaves() {
        for (PartitionId id : partitions()) {
            List<GatewaySession> order = Rendezvous.order(id, FOUR);
            assertEquals(4, order.size());
            assertEquals(order, Rendezvous.order(id, FOUR.reversed()));
            List<GatewaySession> others = order.subList(1, 4);
            assertEquals(others, Rendezvous.order(id, others));
        }
    }
}
