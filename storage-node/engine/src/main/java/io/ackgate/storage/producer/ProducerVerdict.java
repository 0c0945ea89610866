package io.ackgate.storage.producer;

import io.ackgate.storage.api.ProducerEntry;

/** What the table says of a batch before it is appended. */
public sealed interface ProducerVerdict {
    /** The next batch of its producer. */
    record Next() implements ProducerVerdict {}

    /** The very batch is one of the last five. */
    record Duplicate(ProducerEntry.Batch original) implements ProducerVerdict {}

    /**
     * Below the last sequence, and not one of the last five: in the log, its offset forgotten.
     *
     * @param oldestKnown the oldest of the five: the batch asked about stands before it
     */
    record OldDuplicate(ProducerEntry.Batch oldestKnown) implements ProducerVerdict {}

    /** A sequence is missing between the last one in the log and this one. */
    record OutOfOrder(int expectedSequence) implements ProducerVerdict {}

    /** A session of this producer with a higher epoch has written. */
    record StaleEpoch(short currentEpoch) implements ProducerVerdict {}

    /** Not a first batch, and nothing is known of its producer: it expired, or never wrote here. */
    record UnknownProducer() implements ProducerVerdict {}
}
