package io.ackgate.simulation.client;

import io.ackgate.record.Sequence;
import io.ackgate.simulation.check.Batch;
import io.ackgate.simulation.check.Ledger;
import io.ackgate.simulation.time.Dice;

/**
 * Batches that a careless client takes for retries of one that was acknowledged: batched anew, with
 * other records, or counted wrongly. None of them may ever be acknowledged.
 */
final class FalseRetries {
    private static final int HALF_OF_ALL_SEQUENCES = 1 << 30;

    private FalseRetries() {}

    /**
     * One of them, or the very batch again.
     *
     * @param original the last one that its producer epoch has written
     * @param veteran whether half of all sequences are behind it, so that nothing is too far ahead
     */
    static Batch of(
            Batch original, boolean veteran, Ledger ledger, Dice dice, long timestampMillis) {
        int first = original.producer().sequence();
        int count = original.recordCount();
        return switch (dice.between(0, veteran ? 3 : 4)) {
            case 0 -> batch(original, first, count, ledger, timestampMillis);
            case 1 -> batch(original, first, count + dice.between(1, 3), ledger, timestampMillis);
            case 2 ->
                    batch(
                            original,
                            Sequence.incrementSequence(first, count - 1),
                            2,
                            ledger,
                            timestampMillis);
            case 3 -> original;
            default ->
                    batch(
                            original,
                            Sequence.incrementSequence(
                                    first, HALF_OF_ALL_SEQUENCES + dice.between(100, 1_000)),
                            1,
                            ledger,
                            timestampMillis);
        };
    }

    private static Batch batch(
            Batch original, int sequence, int records, Ledger ledger, long timestampMillis) {
        Batch.Sequenced producer = original.producer();
        return ledger.create(
                original.partition(),
                original.acks(),
                new Batch.Sequenced(producer.producerId(), producer.producerEpoch(), sequence),
                records,
                0,
                timestampMillis);
    }
}
