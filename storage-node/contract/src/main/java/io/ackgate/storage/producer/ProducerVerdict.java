package io.ackgate.storage.producer;

import io.ackgate.storage.api.ProducerEntry;

/** What the table says of a batch before it is appended. */
public sealed interface ProducerVerdict {
    /** It must not be appended. */
    sealed interface Refusal extends ProducerVerdict {}

    /** The next batch of its producer. */
    record Next() implements ProducerVerdict {}

    /** The very batch is one of the last five. */
    record Duplicate(ProducerEntry.Batch original) implements ProducerVerdict {}

    /** One of the last five has the same sequences and other records. */
    record OtherRecords(ProducerEntry.Batch original) implements Refusal {}

    /**
     * All of its sequences were written before the last five batches: in the log, its offset
     * forgotten.
     *
     * @param oldestKnown the oldest of the five: the batch asked about stands before it
     */
    record OldDuplicate(ProducerEntry.Batch oldestKnown) implements ProducerVerdict {}

    /**
     * It neither comes next nor was all of it written: a batch is missing in between, or it holds
     * records that were written and others that were not.
     */
    record OutOfOrder(int expectedSequence) implements Refusal {}

    /** A session of this producer with a higher epoch has written. */
    record StaleEpoch(short currentEpoch) implements Refusal {}

    /** Not a first batch, and nothing is known of its producer: it never wrote here. */
    record UnknownProducer() implements Refusal {}

    /**
     * Its producer wrote here and was silent for too long: what a retry is told by is gone.
     *
     * @param beganWithWritten whether the batch begins with a sequence that this epoch has written;
     *     it may be the retry of a batch in the log
     */
    record Forgotten(boolean beganWithWritten) implements Refusal {}

    /** It is the first batch of a producer, and as many as there may be are known. */
    record TooManyProducers(int maxProducers) implements Refusal {}
}
