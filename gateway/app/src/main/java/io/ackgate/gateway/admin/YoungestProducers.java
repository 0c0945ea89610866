package io.ackgate.gateway.admin;

import io.ackgate.gateway.admin.ProducerAdmin.KnownProducer;
import io.ackgate.storage.api.ProducerEntry;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The youngest of many producers, of which no more are held than are asked for. One at a time. */
final class YoungestProducers {
    private static final Comparator<KnownProducer> YOUNGEST_FIRST =
            Comparator.comparingLong(KnownProducer::ageMillis)
                    .thenComparingLong(producer -> producer.entry().producerId())
                    .thenComparingInt(KnownProducer::partition);

    /** The oldest of them is its head. */
    private final PriorityQueue<KnownProducer> youngest =
            new PriorityQueue<>(YOUNGEST_FIRST.reversed());

    private final int most;
    private final long nowMillis;

    YoungestProducers(int most, long nowMillis) {
        this.most = most;
        this.nowMillis = nowMillis;
    }

    /** Takes those of a partition into account. */
    synchronized void add(int partition, List<ProducerEntry> entries) {
        for (ProducerEntry entry : entries) {
            long age = Math.max(0, nowMillis - entry.lastAppendMillis());
            youngest.add(new KnownProducer(partition, entry, age));
            if (youngest.size() > most) {
                youngest.remove();
            }
        }
    }

    /** The youngest first. */
    synchronized List<KnownProducer> list() {
        return youngest.stream().sorted(YOUNGEST_FIRST).toList();
    }
}
