package io.ackgate.gateway.offsets;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.storage.api.PartitionId;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * How far consumer groups have come, per group and partition. Any thread.
 *
 * <p>A stage completes exceptionally when the metadata store did not answer: a commit may then have
 * been done, and doing it again is harmless.
 */
public interface CommittedOffsets {
    /**
     * The position of a group in a partition.
     *
     * @param offset the next one to be read, 0 or more
     * @param leaderEpoch epoch of the last record read, -1 when not known
     * @param metadata any text of the consumer's, at most {@link #MAX_METADATA_BYTES} in UTF-8
     * @param committedMillis when it was committed, milliseconds since 1970
     */
    record Position(long offset, int leaderEpoch, String metadata, long committedMillis) {}

    /** How a commit ended. */
    sealed interface CommitOutcome {
        /** Durable. */
        record Committed() implements CommitOutcome {}

        /**
         * Nothing was changed.
         *
         * @param error INVALID_GROUP_ID, OFFSET_METADATA_TOO_LARGE, OFFSET_OUT_OF_RANGE,
         *     FENCED_LEADER_EPOCH, or POLICY_VIOLATION where a bound is met
         * @param detail what was given and what is allowed
         */
        record Refused(ErrorCode error, String detail) implements CommitOutcome {}
    }

    /** Kafka's default of offset.metadata.max.bytes. */
    int MAX_METADATA_BYTES = 4096;

    /**
     * Stores a position, whatever offset was stored before: a consumer may go back. Of two commits
     * at the same time either may be the last. A leader epoch below the one that is stored is
     * refused; a commit that knows no epoch replaces any.
     */
    CompletionStage<CommitOutcome> commit(
            String group, PartitionId partition, long offset, int leaderEpoch, String metadata);

    /** The last position committed; empty if there is none, or no such group. */
    CompletionStage<Optional<Position>> get(String group, PartitionId partition);
}
