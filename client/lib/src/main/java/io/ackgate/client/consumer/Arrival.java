package io.ackgate.client.consumer;

import io.ackgate.client.wire.GatewayError;
import io.ackgate.v1.SubscribeResponse;

/** What a partition's stream brings, on its way from gRPC's threads to the reader. */
sealed interface Arrival {
    /** Records. */
    record Chunk(PartitionReading reading, long stream, SubscribeResponse answer)
            implements Arrival {}

    /** The stream is over. */
    record Broken(PartitionReading reading, long stream, GatewayError why) implements Arrival {}

    /** The reader is closed from outside. */
    record Closed() implements Arrival {}
}
