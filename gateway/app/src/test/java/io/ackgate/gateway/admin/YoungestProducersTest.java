package io.ackgate.gateway.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.gateway.admin.ProducerAdmin.KnownProducer;
import io.ackgate.storage.api.ProducerEntry;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Of the producers of all partitions no more are kept than are asked for. */
class YoungestProducersTest {
    private static final long NOW = 1_000_000;

    private static ProducerEntry entry(long id, long lastAppendMillis) {
        return new ProducerEntry(
                id,
                (short) 0,
                false,
                lastAppendMillis,
                List.of(new ProducerEntry.Batch(0, 0, 0, 1, 0)));
    }

    /** The longest silent first, as partitions give them. */
    private static List<ProducerEntry> partition(int partition, int producers) {
        return IntStream.range(0, producers)
                .mapToObj(i -> entry(i, 1_000L * i + partition))
                .toList();
    }

    private static KnownProducer known(int partition, long id) {
        long appended = 1_000 * id + partition;
        return new KnownProducer(partition, entry(id, appended), NOW - appended);
    }

    @Test
    void they_come_youngest_first_whatever_the_order_of_the_partitions() {
        YoungestProducers youngest = new YoungestProducers(3, NOW);
        for (int partition : List.of(0, 2, 1)) {
            youngest.add(partition, partition(partition, 100));
            assertEquals(3, youngest.list().size());
        }
        assertEquals(List.of(known(2, 99), known(1, 99), known(0, 99)), youngest.list());
    }

    @Test
    void fewer_than_asked_for_are_all_of_them() {
        YoungestProducers youngest = new YoungestProducers(10_000, NOW);
        youngest.add(0, partition(0, 2));
        youngest.add(1, List.of());
        assertEquals(List.of(known(0, 1), known(0, 0)), youngest.list());
    }

    @Test
    void those_of_one_age_come_by_their_ids_and_partitions() {
        YoungestProducers youngest = new YoungestProducers(3, NOW);
        youngest.add(1, List.of(entry(5, 7)));
        youngest.add(0, List.of(entry(9, 7), entry(5, 7), entry(4, 7)));
        assertEquals(
                List.of(4L, 5L, 5L),
                youngest.list().stream().map(known -> known.entry().producerId()).toList());
        assertEquals(0, youngest.list().get(1).partition());
    }

    /** An entry that a clock ahead of this one has written is no older than now. */
    @Test
    void nobody_is_younger_than_now() {
        YoungestProducers youngest = new YoungestProducers(1, NOW);
        youngest.add(0, List.of(entry(1, NOW + 5)));
        assertEquals(0, youngest.list().getFirst().ageMillis());
    }
}
