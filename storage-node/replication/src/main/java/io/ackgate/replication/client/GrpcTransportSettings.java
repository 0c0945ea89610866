package io.ackgate.replication.client;

/**
 * Settings of the streams to storage nodes.
 *
 * @param clusterId a node of another cluster refuses the stream
 * @param ioThreads threads that read and write sockets, 1 or more
 * @param connectTimeoutMillis how long a connection and the answer to its hello may each take,
 *     milliseconds
 * @param heartbeatMillis pause between two signs of life asked for on an open stream, milliseconds
 * @param silenceMillis how long a node may owe a sign of life before its stream is ended,
 *     milliseconds
 * @param backoffMinMillis pause after the first failure to open a stream, milliseconds
 * @param backoffMaxMillis longest pause; each is twice the one before, less a random part of up to
 *     half, milliseconds
 * @param maxQueuedBytes bytes that may wait for a node that takes nothing; above it batches wait
 *     with their owner, or on the leader's disk, and the stream goes on
 */
public record GrpcTransportSettings(
        String clusterId,
        int ioThreads,
        int connectTimeoutMillis,
        int heartbeatMillis,
        int silenceMillis,
        int backoffMinMillis,
        int backoffMaxMillis,
        long maxQueuedBytes) {

    /** A dead node is noticed after three seconds, and one that is back after one at most. */
    public static GrpcTransportSettings defaults(String clusterId) {
        return new GrpcTransportSettings(clusterId, 1, 3_000, 500, 3_000, 20, 1_000, 64L << 20);
    }

    /** The pause after so many failures in a row. */
    long backoffMillis(int failures, double random) {
        int doublings = Math.min(Math.max(failures - 1, 0), 20);
        long pause = Math.min((long) backoffMinMillis << doublings, backoffMaxMillis);
        return pause - (long) (pause * random / 2.0);
    }
}
