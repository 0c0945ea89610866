package io.ackgate.client.consumer;

import io.ackgate.client.wire.GatewayError;
import io.ackgate.v1.SubscribeResponse;

/** What a reader waits for, on its way from other threads to the reader's. */
sealed interface Arrival {
    /** What a partition's stream brings. */
    sealed interface OfStream extends Arrival {
        PartitionReading reading();

        /** Which of the reading's streams. */
        long stream();

        /** Whether the stream is still the one that counts. */
        default boolean isCurrent() {
            return reading().isCurrent(stream());
        }
    }

    /** Records. */
    record Chunk(PartitionReading reading, long stream, SubscribeResponse answer)
            implements OfStream {}

    /** The stream is over. */
    record Broken(PartitionReading reading, long stream, GatewayError why) implements OfStream {}

    /** A look at the topic has come to its end. */
    record Looked(TopicWatch.Sighting sighting) implements Arrival {}

    /** The reader is closed from outside. */
    record Closed() implements Arrival {}
}
