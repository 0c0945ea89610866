package io.ackgate.simulation.client;

/**
 * What a producer is to send.
 *
 * @param batches how many batches, at most
 * @param pauseNanos typical time between two of them
 * @param maxRecords records of a batch, at most
 * @param maxPadding bytes of a record beyond its id, at most
 * @param strangeTimeChance how probably a batch's timestamps are of long ago, or far ahead
 * @param waitNanos how long a gateway may wait for acknowledgements
 * @param requestTimeoutNanos after which a client does not wait for a gateway any more
 */
public record Load(
        int batches,
        long pauseNanos,
        int maxRecords,
        int maxPadding,
        double strangeTimeChance,
        long waitNanos,
        long requestTimeoutNanos) {}
