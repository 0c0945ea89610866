package io.ackgate.gateway.partition.replicas;

import io.ackgate.storage.api.KnownProducers;
import io.ackgate.storage.api.ProducerEntry;
import io.ackgate.storage.producer.ProducerTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the owner's log tells of idempotent producers, once the leader replica has told it. */
public final class LogProducers {
    private final ProducerTable table = new ProducerTable();

    /** Whether the leader has told; the table is empty before. */
    private boolean restored;

    /** Takes the table as the leader's log tells it, up to the end of that log. */
    public void restore(KnownProducers known) {
        table.restore(known);
        restored = true;
    }

    /** The table, which follows each append from now on. */
    public ProducerTable table() {
        return table;
    }

    /** What the log below an offset tells of producers; null while the leader has not told. */
    @Nullable KnownProducers below(long offset) {
        if (!restored) {
            return null;
        }
        KnownProducers known = table.known();
        List<ProducerEntry> below = new ArrayList<>();
        for (ProducerEntry entry : known.entries()) {
            List<ProducerEntry.Batch> batches =
                    entry.batches().stream().filter(b -> b.baseOffset() < offset).toList();
            if (!batches.isEmpty()) {
                // Where even the oldest of its window is above, the log itself tells all of it.
                below.add(
                        new ProducerEntry(
                                entry.producerId(),
                                entry.producerEpoch(),
                                entry.wrappedBefore(),
                                entry.lastAppendMillis(),
                                batches));
            }
        }
        return new KnownProducers(known.forgottenUpTo(), below);
    }
}
