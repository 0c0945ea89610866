package io.ackgate.gateway.partition;

import io.ackgate.storage.api.ReplicaSettings;

/**
 * Settings of a partition's owner.
 *
 * @param minInsyncReplicas members that the ISR must have for acks=all, 1 to the replication factor
 * @param replica what each replica is configured with
 * @param lagMaxNanos how long a replica of the ISR may be behind the log end offset (Kafka's
 *     replica.lag.time.max.ms)
 * @param disconnectGraceNanos how long its stream may be down before it leaves the ISR, 1 or more:
 *     without any, one read that fails would count as a disk that cannot be read
 * @param fencePatienceNanos how long a takeover waits for the members of the ISR that have not
 *     answered when min.insync.replicas of them have; 0 or more
 * @param fenceLastResortNanos how long it waits when fewer have, at least one; {@code
 *     fencePatienceNanos} or more
 * @param takeoverTimeoutNanos how long an epoch may stay unpublished before its taker lets go; more
 *     than {@code fenceLastResortNanos}, or nobody would ever lead by the last resort
 * @param casRetryNanos pause before a compare-and-set of unknown outcome is sent again
 * @param maxPendingBytes bytes of batches that the ISR does not hold yet; above it requests are
 *     refused
 * @param maxInFlightBytes bytes sent to one replica and not acknowledged; above it sending pauses
 * @param maxReadBytes bytes of one read of a catch-up; up to 16 times as much while a replica would
 *     not catch up otherwise
 * @param maxFetchBytes bytes of one read of a consumer, whatever it asks for: well below what one
 *     message of a stream may hold; a first batch that is larger is given whole
 * @param uncleanWhenAllAnswered whether a replica that is not in sync may lead when all assigned
 *     ones have answered and none of the ISR is among them with its log; records may be lost
 */
public record PartitionSettings(
        int minInsyncReplicas,
        ReplicaSettings replica,
        long lagMaxNanos,
        long disconnectGraceNanos,
        long fencePatienceNanos,
        long fenceLastResortNanos,
        long takeoverTimeoutNanos,
        long casRetryNanos,
        int maxPendingBytes,
        int maxInFlightBytes,
        int maxReadBytes,
        int maxFetchBytes,
        boolean uncleanWhenAllAnswered) {

    private static final long MILLIS = 1_000_000;

    /** Kafka's defaults where Kafka has one; min.insync.replicas is 1 there and here. */
    public static final PartitionSettings DEFAULTS =
            new PartitionSettings(
                    1,
                    ReplicaSettings.DEFAULTS,
                    30_000 * MILLIS,
                    300 * MILLIS,
                    200 * MILLIS,
                    3_000 * MILLIS,
                    10_000 * MILLIS,
                    200 * MILLIS,
                    32 << 20,
                    16 << 20,
                    256 << 10,
                    8 << 20,
                    false);

    /** Refuses times by which no takeover could end. */
    public PartitionSettings {
        if (disconnectGraceNanos < 1) {
            throw new IllegalArgumentException(
                    "a disconnect grace of %d ns was given: give 1 ns or more"
                            .formatted(disconnectGraceNanos));
        }
        boolean inOrder =
                0 <= fencePatienceNanos
                        && fencePatienceNanos <= fenceLastResortNanos
                        && fenceLastResortNanos < takeoverTimeoutNanos;
        if (!inOrder) {
            throw new IllegalArgumentException(
                    "a fence patience of %d ns, a last resort of %d ns and a takeover timeout of %d ns were given: give a patience of 0 ns or more, a last resort that is no less, and a timeout that is more than the last resort"
                            .formatted(
                                    fencePatienceNanos,
                                    fenceLastResortNanos,
                                    takeoverTimeoutNanos));
        }
    }

    /** Settings by which nobody leads who is not in sync. */
    public PartitionSettings(
            int minInsyncReplicas,
            ReplicaSettings replica,
            long lagMaxNanos,
            long disconnectGraceNanos,
            long fencePatienceNanos,
            long fenceLastResortNanos,
            long takeoverTimeoutNanos,
            long casRetryNanos,
            int maxPendingBytes,
            int maxInFlightBytes,
            int maxReadBytes,
            int maxFetchBytes) {
        this(
                minInsyncReplicas,
                replica,
                lagMaxNanos,
                disconnectGraceNanos,
                fencePatienceNanos,
                fenceLastResortNanos,
                takeoverTimeoutNanos,
                casRetryNanos,
                maxPendingBytes,
                maxInFlightBytes,
                maxReadBytes,
                maxFetchBytes,
                false);
    }

    /** These settings with another min.insync.replicas. */
    public PartitionSettings withMinInsyncReplicas(int min) {
        return new PartitionSettings(
                min,
                replica,
                lagMaxNanos,
                disconnectGraceNanos,
                fencePatienceNanos,
                fenceLastResortNanos,
                takeoverTimeoutNanos,
                casRetryNanos,
                maxPendingBytes,
                maxInFlightBytes,
                maxReadBytes,
                maxFetchBytes,
                uncleanWhenAllAnswered);
    }

    /** These settings with another bound of a consumer's read, bytes, 1 or more. */
    public PartitionSettings withMaxFetchBytes(int bytes) {
        return new PartitionSettings(
                minInsyncReplicas,
                replica,
                lagMaxNanos,
                disconnectGraceNanos,
                fencePatienceNanos,
                fenceLastResortNanos,
                takeoverTimeoutNanos,
                casRetryNanos,
                maxPendingBytes,
                maxInFlightBytes,
                maxReadBytes,
                bytes,
                uncleanWhenAllAnswered);
    }

    /** These settings with another bound of a catch-up's read, bytes, 1 or more. */
    public PartitionSettings withMaxReadBytes(int bytes) {
        return new PartitionSettings(
                minInsyncReplicas,
                replica,
                lagMaxNanos,
                disconnectGraceNanos,
                fencePatienceNanos,
                fenceLastResortNanos,
                takeoverTimeoutNanos,
                casRetryNanos,
                maxPendingBytes,
                maxInFlightBytes,
                bytes,
                maxFetchBytes,
                uncleanWhenAllAnswered);
    }

    /** These settings with other replica settings. */
    public PartitionSettings withReplica(ReplicaSettings settings) {
        return new PartitionSettings(
                minInsyncReplicas,
                settings,
                lagMaxNanos,
                disconnectGraceNanos,
                fencePatienceNanos,
                fenceLastResortNanos,
                takeoverTimeoutNanos,
                casRetryNanos,
                maxPendingBytes,
                maxInFlightBytes,
                maxReadBytes,
                maxFetchBytes,
                uncleanWhenAllAnswered);
    }

    /** These settings, and whether a replica that is not in sync may lead by itself. */
    public PartitionSettings withUncleanWhenAllAnswered(boolean allowed) {
        return new PartitionSettings(
                minInsyncReplicas,
                replica,
                lagMaxNanos,
                disconnectGraceNanos,
                fencePatienceNanos,
                fenceLastResortNanos,
                takeoverTimeoutNanos,
                casRetryNanos,
                maxPendingBytes,
                maxInFlightBytes,
                maxReadBytes,
                maxFetchBytes,
                allowed);
    }
}
