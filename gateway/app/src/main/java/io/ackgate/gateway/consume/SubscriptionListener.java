package io.ackgate.gateway.consume;

import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.partition.FetchOutcome;

/**
 * Where the answers of a {@link Subscription} go. Called on the subscription's event loop.
 *
 * @param <R> a record as the listener has it
 */
public interface SubscriptionListener<R> {
    /** An answer that is made and not sent. */
    interface Answer {
        /** What it takes on its way, bytes. */
        int bytes();

        /** Sends it: {@link Subscription#sent} is called once the transport has it. */
        void send();
    }

    /** Whether the transport has taken what was sent. */
    boolean isReady();

    /** Makes an answer of what was read from a partition. */
    Answer answer(int partition, DecodedRecords<R> records, FetchOutcome.Fetched of);

    /** The subscription has come to its end, and all is taken. */
    void complete();

    /** The subscription cannot go on. */
    void fail(Failure failure);
}
