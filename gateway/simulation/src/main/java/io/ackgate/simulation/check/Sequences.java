package io.ackgate.simulation.check;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the idempotent producers of a partition have committed, each epoch of each by itself. */
final class Sequences {
    private record Producer(long id, short epoch) {
        static Producer of(Batch.Sequenced from) {
            return new Producer(from.producerId(), from.producerEpoch());
        }
    }

    private static final long DAY_MILLIS = 86_400_000;

    private final long expirationMillis;

    /** What comes next of those that have written, before the world began too. */
    private final Map<Producer, Integer> next = new HashMap<>();

    private final Map<Producer, Placement> firsts = new HashMap<>();
    private final Map<Producer, Placement> lasts = new HashMap<>();

    /**
     * @param expirationMillis silence after which a producer may not go on
     */
    Sequences(long expirationMillis) {
        this.expirationMillis = expirationMillis;
    }

    /** A producer wrote before the world began. */
    void goesOn(Batch.Sequenced going) {
        next.put(Producer.of(going), going.sequence());
    }

    /** How many producers have committed a batch. */
    long producers() {
        return firsts.keySet().stream().mapToLong(Producer::id).distinct().count();
    }

    /** From which offset on a log that agrees with the truth knows a producer; -1 if none does. */
    long knownFrom(Batch.Sequenced producer) {
        Placement first = firsts.get(Producer.of(producer));
        return first == null ? -1 : first.endOffset();
    }

    /** The sequence that comes after all that is committed of a producer's epoch. */
    int expected(Batch.Sequenced producer) {
        return next.getOrDefault(Producer.of(producer), 0);
    }

    /** The last batch of a producer's epoch that is committed; null if none is. */
    @Nullable Placement last(Batch.Sequenced producer) {
        return lasts.get(Producer.of(producer));
    }

    /** Whether a world lasts long enough for a producer to expire. */
    boolean expire() {
        return expirationMillis < DAY_MILLIS;
    }

    /** Whether a producer that was last heard at one time may be forgotten at the other. */
    boolean mayExpire(long lastAppendMillis, long nowMillis) {
        return nowMillis - lastAppendMillis > expirationMillis;
    }

    /** The next batch of an idempotent producer is committed. */
    void commit(Placement placement) {
        Batch batch = placement.batch();
        Producer producer = Producer.of(batch.producer());
        int expected = expected(batch.producer());
        Violation.unless(
                expected == batch.producer().sequence(),
                Invariant.SEQUENCE_STANDS_ONCE_IN_ORDER,
                () -> placement + " is committed where sequence " + expected + " comes next");
        Placement before = lasts.put(producer, placement);
        Violation.unless(
                before == null || !mayExpire(before.appendMillis(), placement.appendMillis()),
                Invariant.SILENT_PRODUCERS_ARE_FORGOTTEN,
                () ->
                        "%s is committed, appended at %d; the one before it was %s, appended at %d"
                                .formatted(
                                        placement,
                                        placement.appendMillis(),
                                        before,
                                        before == null ? 0 : before.appendMillis()));
        firsts.putIfAbsent(producer, placement);
        next.put(producer, (expected + batch.recordCount()) & Integer.MAX_VALUE);
    }
}
