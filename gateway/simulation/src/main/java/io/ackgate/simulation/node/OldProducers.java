package io.ackgate.simulation.node;

import io.ackgate.simulation.check.Batch;
import io.ackgate.simulation.time.SkewedClock;
import io.ackgate.storage.api.KnownProducers;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ProducerEntry;
import io.ackgate.storage.api.StorageAnswer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Producers that have written nearly 2^31 records before the world began. Retention has deleted all
 * of them since, and the tables of the nodes are what is left: as long as a log has nothing newer
 * of such a producer, what its node tells is completed by its last batch. So sequences wrap after a
 * few batches and are held to the rule that production has.
 */
public final class OldProducers {
    /**
     * Where the last batch of a veteran stood. It is above every offset, so that the owner takes
     * nothing of it for a part of the log that it sends to other replicas.
     */
    private static final long LONG_GONE = Long.MAX_VALUE / 2;

    private final SkewedClock clock;
    private final Map<PartitionId, List<Batch.Sequenced>> next = new LinkedHashMap<>();

    public OldProducers(SkewedClock clock) {
        this.clock = clock;
    }

    /**
     * A producer has written before.
     *
     * @param going its epoch, and the sequence at which it goes on, 1 or more
     */
    public void add(PartitionId partition, Batch.Sequenced going) {
        next.computeIfAbsent(partition, p -> new ArrayList<>()).add(going);
    }

    /** What a node tells of producers, with the veterans that its log does not name. */
    StorageAnswer completed(StorageAnswer answer) {
        if (!(answer instanceof StorageAnswer.Producers told)
                || !next.containsKey(told.partition())) {
            return answer;
        }
        List<ProducerEntry> known = told.known().entries();
        List<ProducerEntry> entries = new ArrayList<>();
        long silentSince = known.isEmpty() ? clock.millis() : known.get(0).lastAppendMillis();
        for (Batch.Sequenced one : next.getOrDefault(told.partition(), List.of())) {
            if (known.stream().noneMatch(e -> e.producerId() == one.producerId())) {
                entries.add(entry(one, silentSince));
            }
        }
        entries.addAll(known);
        KnownProducers completed = new KnownProducers(told.known().forgottenUpTo(), entries);
        return new StorageAnswer.Producers(
                told.partition(), told.epoch(), told.requestId(), told.logEnd(), completed);
    }

    private static ProducerEntry entry(Batch.Sequenced going, long silentSince) {
        int last = going.sequence() - 1;
        return new ProducerEntry(
                going.producerId(),
                going.producerEpoch(),
                false,
                silentSince,
                List.of(new ProducerEntry.Batch(last, last, LONG_GONE, 1, 0)));
    }
}
