package io.ackgate.storage.producer;

import io.ackgate.storage.api.ProducerEntry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the sequences of a batch say about its place behind the batches that its producer epoch has
 * written (protocol, "Idempotent producers"). A batch is compared as a whole range, by its first
 * and its last sequence, and as the records that it holds.
 *
 * <p>Sequences are counted from 0 in each epoch and go on at 0 after the greatest one. How much an
 * epoch has written is therefore told by its last sequence and by whether it has wrapped.
 */
final class SequenceRule {
    /** Kafka's sequences: 0 to 2^31 - 1 (KAFKA-7692). */
    static final SequenceRule KAFKA = new SequenceRule(1L << 31);

    /** How many sequences there are. */
    private final long size;

    /**
     * Sequences further behind than this cannot be told from such ahead, once they have wrapped.
     */
    private final long reach;

    /**
     * @param size how many sequences there are, even; fewer than 2^31 in tests
     */
    SequenceRule(long size) {
        this.size = size;
        this.reach = size / 2;
    }

    /** The last sequence of a batch of {@code recordCount} records, 1 or more. */
    int last(int firstSequence, int recordCount) {
        return (int) ((firstSequence + (long) recordCount - 1) % size);
    }

    /** The sequence that comes after the producer's last batch. */
    int next(ProducerEntry entry) {
        return (int) ((entry.last().lastSequence() + 1L) % size);
    }

    /** By how many records {@code to} comes after {@code from}, 0 to size - 1. */
    private long distance(int from, int to) {
        return Math.floorMod((long) to - from, size);
    }

    /**
     * Judges a batch of the same epoch as the entry's.
     *
     * @param recordsCrc of its records, as in {@link ProducerEntry.Batch}
     */
    ProducerVerdict judge(ProducerEntry entry, int firstSequence, int recordCount, int recordsCrc) {
        int lastSequence = last(firstSequence, recordCount);
        for (ProducerEntry.Batch batch : entry.batches()) {
            if (batch.firstSequence() == firstSequence && batch.lastSequence() == lastSequence) {
                return batch.recordsCrc() == recordsCrc
                        ? new ProducerVerdict.Duplicate(batch)
                        : new ProducerVerdict.OtherRecords(batch);
            }
        }
        int next = next(entry);
        if (firstSequence == next) {
            return new ProducerVerdict.Next();
        }
        long behind = distance(firstSequence, next);
        long window = distance(entry.oldest().firstSequence(), next);
        return isBehind(entry, firstSequence) && behind - window >= recordCount
                ? new ProducerVerdict.OldDuplicate(entry.oldest())
                : new ProducerVerdict.OutOfOrder(next);
    }

    /** Whether this epoch has written a record under the sequence, as far back as can be told. */
    boolean isBehind(ProducerEntry entry, int sequence) {
        long behind = distance(sequence, next(entry));
        return behind > 0 && behind <= Math.min(written(entry), reach);
    }

    /** How many records this epoch has written, or any number above the reach. */
    private long written(ProducerEntry entry) {
        if (entry.wrappedBefore()) {
            return size;
        }
        int oldest = entry.oldest().firstSequence();
        return oldest + distance(oldest, next(entry));
    }

    /**
     * The entry after a batch that now stands in the log. One that does not go on where the last
     * one ended begins anew: the owner that wrote it knew of nothing before, and the log is right.
     */
    ProducerEntry appended(
            @Nullable ProducerEntry before,
            long producerId,
            short producerEpoch,
            ProducerEntry.Batch batch,
            long appendMillis) {
        if (before == null
                || before.producerEpoch() != producerEpoch
                || next(before) != batch.firstSequence()) {
            return new ProducerEntry(
                    producerId, producerEpoch, false, appendMillis, List.of(batch));
        }
        List<ProducerEntry.Batch> batches = new ArrayList<>(ProducerEntry.WINDOW + 1);
        batches.addAll(before.batches());
        batches.add(batch);
        ProducerEntry longer =
                new ProducerEntry(
                        producerId,
                        producerEpoch,
                        before.wrappedBefore(),
                        Math.max(before.lastAppendMillis(), appendMillis),
                        batches);
        return lastOf(longer, ProducerEntry.WINDOW);
    }

    /** The entry with its last {@code window} batches at most. */
    ProducerEntry lastOf(ProducerEntry entry, int window) {
        int gone = entry.batches().size() - window;
        if (gone <= 0) {
            return entry;
        }
        boolean wrapped = entry.wrappedBefore();
        for (int i = 0; i < gone; i++) {
            int first = entry.batches().get(i).firstSequence();
            wrapped |= entry.batches().get(i + 1).firstSequence() < first;
        }
        return new ProducerEntry(
                entry.producerId(),
                entry.producerEpoch(),
                wrapped,
                entry.lastAppendMillis(),
                entry.batches().subList(gone, entry.batches().size()));
    }
}
