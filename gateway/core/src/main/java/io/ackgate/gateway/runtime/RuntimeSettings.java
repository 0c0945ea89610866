package io.ackgate.gateway.runtime;

import io.ackgate.gateway.host.HostSettings;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.topic.TopicSettings;

/**
 * Settings of a gateway's partition threads.
 *
 * @param threads threads that step partitions, 1 or more; each partition stays with one
 * @param maxInFlightBytes bytes of batches that wait in queues or for in-sync replicas, over all
 *     partitions; above it requests are refused
 * @param maxPendingRequests produce requests that wait for their answer, reads that wait for
 *     records, and reads that are under way: of each kind so many, above it they are refused
 * @param reads bounds of what storage nodes are asked to read at a time
 * @param readMemoryBytes of answers to consumers, from when a storage node is asked until the
 *     caller's transport has taken them, over all callers; 1 or more
 * @param tickNanos how often an owned partition is told the time: the accuracy of every timeout
 * @param casTimeoutNanos when a compare-and-set that was not answered counts as unknown
 * @param retryLeastNanos pause before a failed takeover is tried again; doubles with each failure
 * @param retryMostNanos the longest such pause
 * @param partition timeouts and bounds of every partition; what a topic sets is put in its place
 */
public record RuntimeSettings(
        int threads,
        long maxInFlightBytes,
        int maxPendingRequests,
        ReadBudget reads,
        long readMemoryBytes,
        long tickNanos,
        long casTimeoutNanos,
        long retryLeastNanos,
        long retryMostNanos,
        PartitionSettings partition) {

    private static final long MILLIS = 1_000_000;

    public RuntimeSettings {
        if (threads < 1 || maxInFlightBytes < 1 || maxPendingRequests < threads) {
            throw new IllegalArgumentException(
                    "threads %d, bytes in flight %d and pending requests %d must be 1 or more, the last not below the first"
                            .formatted(threads, maxInFlightBytes, maxPendingRequests));
        }
    }

    /** One thread per processor, an eighth of the heap in flight, a quarter for answers. */
    public static RuntimeSettings defaults() {
        return new RuntimeSettings(
                Runtime.getRuntime().availableProcessors(),
                Math.max(32L << 20, Runtime.getRuntime().maxMemory() / 8),
                200_000,
                ReadBudget.defaults(),
                defaultReadMemoryBytes(),
                10 * MILLIS,
                2_000 * MILLIS,
                50 * MILLIS,
                5_000 * MILLIS,
                PartitionSettings.DEFAULTS);
    }

    /** These settings, and whether a replica that is not in sync may lead by itself by default. */
    public RuntimeSettings withUncleanWhenAllAnswered(boolean allowed) {
        return new RuntimeSettings(
                threads,
                maxInFlightBytes,
                maxPendingRequests,
                reads,
                readMemoryBytes,
                tickNanos,
                casTimeoutNanos,
                retryLeastNanos,
                retryMostNanos,
                partition.withUncleanWhenAllAnswered(allowed));
    }

    /** These settings, and so many bytes of answers to consumers. */
    public RuntimeSettings withReadMemoryBytes(long bytes) {
        return new RuntimeSettings(
                threads,
                maxInFlightBytes,
                maxPendingRequests,
                reads,
                bytes,
                tickNanos,
                casTimeoutNanos,
                retryLeastNanos,
                retryMostNanos,
                partition);
    }

    /** A quarter of the heap. */
    private static long defaultReadMemoryBytes() {
        return Math.max(32L << 20, Runtime.getRuntime().maxMemory() / 4);
    }

    /** How long the host of a partition waits. */
    HostSettings host() {
        return new HostSettings(retryLeastNanos, retryMostNanos, casTimeoutNanos);
    }

    /** The settings of a partition of a topic. */
    PartitionSettings of(TopicSettings topic) {
        return partition
                .withMinInsyncReplicas(topic.minInsyncReplicas())
                .withReplica(topic.replica())
                .withUncleanWhenAllAnswered(
                        switch (topic.uncleanElection()) {
                            case DEFAULT -> partition.uncleanWhenAllAnswered();
                            case NEVER -> false;
                            case WHEN_ALL_ANSWERED -> true;
                        });
    }
}
