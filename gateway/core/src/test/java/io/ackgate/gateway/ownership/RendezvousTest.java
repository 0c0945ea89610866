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

    /**
     * Gateways of different versions must name the same owner: whoever changes the hash moves every
     * partition, and has two gateways claim it from each other for as long as both versions run.
     */
    @Test
    void the_hash_of_a_partition_never_changes() {
        assertEquals(0xE220A8397B1DCDAFL, Rendezvous.mix(0));
        assertEquals(0x910A2DEC89025CC1L, Rendezvous.mix(1));
        assertEquals(0xE4D971771B652C20L, Rendezvous.mix(-1));
        assertEquals(0x5FC468E3FA43F985L, hash(11, 12, 0));
        assertEquals(0x6221EBA51CAFB02CL, hash(11, 12, 1));
        assertEquals(0xCB35B1A892716745L, hash(12, 11, 0));
        assertEquals(0xFFECF1DB85EDB171L, hash(0x0123_4567_89AB_CDEFL, 0xFEDC_BA98_7654_3210L, 31));
    }

    private static long hash(long high, long low, int partition) {
        return Rendezvous.hash(new PartitionId(new TopicId(high, low), partition));
    }

    @Test
    void the_order_of_the_gateways_never_changes_either() {
        List<List<Integer>> orders =
                List.of(
                        List.of(1, 2, 3, 4),
                        List.of(3, 1, 4, 2),
                        List.of(1, 2, 3, 4),
                        List.of(2, 1, 3, 4),
                        List.of(2, 3, 1, 4),
                        List.of(1, 4, 2, 3));
        for (int partition = 0; partition < orders.size(); partition++) {
            PartitionId id = new PartitionId(new TopicId(11, 12), partition);
            assertEquals(
                    orders.get(partition).stream().map(RendezvousTest::session).toList(),
                    Rendezvous.order(id, FOUR));
        }
    }
}
