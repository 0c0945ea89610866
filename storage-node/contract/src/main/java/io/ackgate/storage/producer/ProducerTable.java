package io.ackgate.storage.producer;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.RecordBatch;
import io.ackgate.storage.api.KnownProducers;
import io.ackgate.storage.api.ProducerEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Per producer id of one partition: its epoch, its last sequence and its last five batches.
 *
 * <p>{@link #check} changes nothing; {@link #appended} is called with the append and never before
 * it, so that a write that fails leaves no trace (KAFKA-6683, Pulsar #5218). The owner refuses whom
 * there is no room for; what it has appended is taken in by every table, however full. Not
 * thread-safe.
 */
public final class ProducerTable {
    /**
     * Producers per partition at most that may write: another one is refused. As many again are
     * known to have written and to have expired.
     */
    public static final int MAX_PRODUCERS = 100_000;

    private static final SequenceRule RULE = SequenceRule.KAFKA;

    /** In order of their last write, the longest silent first. */
    private final LinkedHashMap<Long, ProducerEntry> live = new LinkedHashMap<>();

    /**
     * Those that were silent for too long, with their last batch only; in the same order and all
     * before the live ones.
     */
    private final LinkedHashMap<Long, ProducerEntry> expired = new LinkedHashMap<>();

    private final int maxProducers;

    /** The greatest id that was dropped from {@link #expired}. */
    private long forgottenUpTo = KnownProducers.NONE_FORGOTTEN;

    public ProducerTable() {
        this(MAX_PRODUCERS);
    }

    /**
     * @param maxProducers bounds the table; {@link #MAX_PRODUCERS} unless a test wants fewer
     */
    public ProducerTable(int maxProducers) {
        this.maxProducers = maxProducers;
    }

    /**
     * Judges the batch of an idempotent producer. {@link #expire} has been called with the present
     * time.
     *
     * @param frame holds the batch, with room for the frame header before it
     * @param at where that room begins
     */
    public ProducerVerdict check(ByteBuffer frame, int at) {
        return check(
                BatchFrame.producerId(frame, at),
                BatchFrame.producerEpoch(frame, at),
                BatchFrame.baseSequence(frame, at),
                BatchFrame.recordsCount(frame, at),
                RecordBatch.recordsCrc(frame, BatchFrame.batchPosition(at)));
    }

    ProducerVerdict check(
            long producerId,
            short producerEpoch,
            int firstSequence,
            int recordCount,
            int recordsCrc) {
        ProducerEntry entry = live.get(producerId);
        ProducerEntry known = entry == null ? expired.get(producerId) : entry;
        if (known == null) {
            return stranger(producerId, producerEpoch, firstSequence);
        }
        if (producerEpoch < known.producerEpoch()) {
            return new ProducerVerdict.StaleEpoch(known.producerEpoch());
        }
        if (producerEpoch > known.producerEpoch()) {
            if (firstSequence != 0) {
                return new ProducerVerdict.OutOfOrder(0);
            }
            return entry == null ? newcomer() : new ProducerVerdict.Next();
        }
        return entry == null
                ? new ProducerVerdict.Forgotten(RULE.isBehind(known, firstSequence))
                : RULE.judge(entry, firstSequence, recordCount, recordsCrc);
    }

    private ProducerVerdict stranger(long producerId, short producerEpoch, int firstSequence) {
        if (firstSequence != 0) {
            return new ProducerVerdict.UnknownProducer();
        }
        // Ids are given out in ascending order, so that a greater one was never dropped. A session
        // with a higher epoch begins at 0 whatever the ones before it have written.
        return producerId <= forgottenUpTo && producerEpoch == 0
                ? new ProducerVerdict.Forgotten(false)
                : newcomer();
    }

    private ProducerVerdict newcomer() {
        return live.size() < maxProducers
                ? new ProducerVerdict.Next()
                : new ProducerVerdict.TooManyProducers(maxProducers);
    }

    /**
     * Takes in what a frame that now stands in the log tells of its producer; nothing if it has
     * none.
     *
     * @param frame holds the frame; its head is enough
     * @param at where the frame begins
     */
    public void appended(ByteBuffer frame, int at) {
        long producerId = BatchFrame.producerId(frame, at);
        if (producerId != RecordBatch.NO_PRODUCER_ID) {
            appended(
                    producerId,
                    BatchFrame.producerEpoch(frame, at),
                    BatchFrame.baseSequence(frame, at),
                    BatchFrame.recordsCount(frame, at),
                    BatchFrame.baseOffset(frame, at),
                    BatchFrame.appendMillis(frame, at),
                    RecordBatch.recordsCrc(frame, BatchFrame.batchPosition(at)));
        }
    }

    void appended(
            long producerId,
            short producerEpoch,
            int firstSequence,
            int recordCount,
            long baseOffset,
            long appendMillis,
            int recordsCrc) {
        ProducerEntry before = live.remove(producerId);
        if (before == null) {
            before = expired.remove(producerId);
        }
        ProducerEntry.Batch batch =
                new ProducerEntry.Batch(
                        firstSequence,
                        RULE.last(firstSequence, recordCount),
                        baseOffset,
                        recordCount,
                        recordsCrc);
        live.put(producerId, RULE.appended(before, producerId, producerEpoch, batch, appendMillis));
    }

    /**
     * Producers whose last write is older than {@code olderThanMillis} may not go on. That they
     * have written stays known, or a late retry of their first batch would be written again.
     */
    public void expire(long olderThanMillis) {
        while (!live.isEmpty()) {
            ProducerEntry silent = live.firstEntry().getValue();
            if (silent.lastAppendMillis() >= olderThanMillis) {
                return;
            }
            live.remove(silent.producerId());
            expired.put(silent.producerId(), RULE.lastOf(silent, 1));
            if (expired.size() > maxProducers) {
                long dropped = expired.pollFirstEntry().getKey();
                forgottenUpTo = Math.max(forgottenUpTo, dropped);
            }
        }
    }

    /**
     * Expires by the time of the log itself, which is that of its last batch of any producer. No
     * clock of this process has a say, so that one that is wrong harms nobody, and nobody expires
     * here before the owner has let him.
     *
     * @param silenceMillis after which a producer may not go on
     */
    public void expireByLog(long silenceMillis) {
        if (!live.isEmpty()) {
            expire(lastAppendMillis() - silenceMillis);
        }
    }

    /** When the last batch was appended; 0 if none was. */
    public long lastAppendMillis() {
        return live.isEmpty() ? 0 : live.lastEntry().getValue().lastAppendMillis();
    }

    /** Everything known, the longest silent first. */
    public KnownProducers known() {
        List<ProducerEntry> entries = new ArrayList<>(size());
        entries.addAll(expired.values());
        entries.addAll(live.values());
        return new KnownProducers(forgottenUpTo, entries);
    }

    /** Those that may go on, the longest silent first. */
    public List<ProducerEntry> live() {
        return List.copyOf(live.values());
    }

    /** What is known of one producer that may go on. */
    public @Nullable ProducerEntry entry(long producerId) {
        return live.get(producerId);
    }

    /** How many producers are known, the expired ones included. */
    public int size() {
        return live.size() + expired.size();
    }

    /** Forgets everything and takes what is known instead; {@link #expire} sorts it out again. */
    public void restore(KnownProducers known) {
        live.clear();
        expired.clear();
        forgottenUpTo = known.forgottenUpTo();
        for (ProducerEntry entry : known.entries()) {
            live.put(entry.producerId(), entry);
        }
    }
}
