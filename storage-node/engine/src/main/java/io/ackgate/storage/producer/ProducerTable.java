package io.ackgate.storage.producer;

import io.ackgate.storage.api.ProducerEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Per producer id of one partition: its epoch, its last sequence and its last five batches.
 *
 * <p>{@link #check} changes nothing; {@link #appended} is called with the append and never before
 * it, so that a write that fails leaves no trace (KAFKA-6683, Pulsar #5218). Not thread-safe.
 */
public final class ProducerTable {
    /** Producers remembered per partition at most; the one silent for longest goes first. */
    public static final int MAX_PRODUCERS = 100_000;

    /** In order of their last write, the longest silent first. */
    private final LinkedHashMap<Long, State> producers = new LinkedHashMap<>(16, 0.75f, false);

    /** Bounds the table; {@link #MAX_PRODUCERS} unless a test wants fewer. */
    private final int maxProducers;

    public ProducerTable() {
        this(MAX_PRODUCERS);
    }

    public ProducerTable(int maxProducers) {
        this.maxProducers = maxProducers;
    }

    /**
     * Judges a batch of {@code recordCount} records whose first sequence is {@code firstSequence}.
     */
    public ProducerVerdict check(
            long producerId, short producerEpoch, int firstSequence, int recordCount) {
        State state = producers.get(producerId);
        if (state == null) {
            return firstSequence == 0
                    ? new ProducerVerdict.Next()
                    : new ProducerVerdict.UnknownProducer();
        }
        if (producerEpoch < state.epoch) {
            return new ProducerVerdict.StaleEpoch(state.epoch);
        }
        if (producerEpoch > state.epoch) {
            return firstSequence == 0
                    ? new ProducerVerdict.Next()
                    : new ProducerVerdict.OutOfOrder(0);
        }
        return state.check(firstSequence, recordCount);
    }

    /**
     * Takes in a batch that now stands in the log.
     *
     * @param timestampMillis the batch's greatest timestamp as the log has it
     */
    public void appended(
            long producerId,
            short producerEpoch,
            int firstSequence,
            int recordCount,
            long baseOffset,
            long timestampMillis) {
        State state = producers.remove(producerId);
        if (state == null || state.epoch != producerEpoch) {
            state = new State(producerEpoch);
        }
        state.add(
                new ProducerEntry.Batch(
                        firstSequence,
                        lastSequence(firstSequence, recordCount),
                        baseOffset,
                        recordCount),
                timestampMillis);
        producers.put(producerId, state);
        if (producers.size() > maxProducers) {
            producers.remove(producers.keySet().iterator().next());
        }
    }

    /** Drops producers whose last write is older than {@code olderThanMillis}. */
    public void expire(long olderThanMillis) {
        producers.values().removeIf(state -> state.lastTimestampMillis < olderThanMillis);
    }

    /** Everything known, the longest silent first. */
    public List<ProducerEntry> entries() {
        List<ProducerEntry> entries = new ArrayList<>(producers.size());
        for (Map.Entry<Long, State> producer : producers.entrySet()) {
            entries.add(producer.getValue().entry(producer.getKey()));
        }
        return entries;
    }

    /** What is known of one producer. */
    public @Nullable ProducerEntry entry(long producerId) {
        State state = producers.get(producerId);
        return state == null ? null : state.entry(producerId);
    }

    public int size() {
        return producers.size();
    }

    /** Forgets everything and takes {@code entries} instead. */
    public void restore(Collection<ProducerEntry> entries) {
        producers.clear();
        for (ProducerEntry entry : entries) {
            State state = new State(entry.producerEpoch());
            entry.batches().forEach(batch -> state.add(batch, entry.lastTimestampMillis()));
            producers.put(entry.producerId(), state);
        }
    }

    /** The last sequence of a batch; sequences go on at 0 after 2^31 - 1 (KAFKA-7692). */
    static int lastSequence(int firstSequence, int recordCount) {
        return (int) (((long) firstSequence + recordCount - 1) & Integer.MAX_VALUE);
    }

    private static int nextSequence(int sequence) {
        return sequence == Integer.MAX_VALUE ? 0 : sequence + 1;
    }

    /** One producer's epoch and window. */
    private static final class State {
        private final short epoch;
        private final ArrayList<ProducerEntry.Batch> batches =
                new ArrayList<>(ProducerEntry.WINDOW);
        private long lastTimestampMillis = Long.MIN_VALUE;

        State(short epoch) {
            this.epoch = epoch;
        }

        void add(ProducerEntry.Batch batch, long timestampMillis) {
            if (batches.size() == ProducerEntry.WINDOW) {
                batches.remove(0);
            }
            batches.add(batch);
            lastTimestampMillis = Math.max(lastTimestampMillis, timestampMillis);
        }

        ProducerVerdict check(int firstSequence, int recordCount) {
            int lastSequence = lastSequence(firstSequence, recordCount);
            for (ProducerEntry.Batch batch : batches) {
                if (batch.firstSequence() == firstSequence
                        && batch.lastSequence() == lastSequence) {
                    return new ProducerVerdict.Duplicate(batch);
                }
            }
            int expected = nextSequence(batches.get(batches.size() - 1).lastSequence());
            if (firstSequence == expected) {
                return new ProducerVerdict.Next();
            }
            // Half of the sequence space lies behind the last sequence, half before it: the only
            // way
            // to tell lower from higher once sequences have wrapped.
            int ahead = (firstSequence - expected) & Integer.MAX_VALUE;
            return ahead < 1 << 30
                    ? new ProducerVerdict.OutOfOrder(expected)
                    : new ProducerVerdict.OldDuplicate(batches.get(0));
        }

        ProducerEntry entry(long producerId) {
            return new ProducerEntry(producerId, epoch, lastTimestampMillis, batches);
        }
    }
}
