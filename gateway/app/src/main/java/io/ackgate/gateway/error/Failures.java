package io.ackgate.gateway.error;

import io.ackgate.gateway.offsets.CommittedOffsets.CommitOutcome;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.ProduceError;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.TopicError;
import io.ackgate.gateway.topic.TopicOutcome;
import io.ackgate.record.BatchVerdict;

/** What outcomes of the layers below are called here. A new outcome must not compile unanswered. */
public final class Failures {
    private Failures() {}

    /**
     * A produce request that was not fulfilled.
     *
     * @param topic whose partition it went to
     */
    public static Failure of(ProduceOutcome.Failed failed, Topic topic) {
        return new Failure(
                code(failed.error()), failed.writeStatus(), named(failed.detail(), topic), "");
    }

    /** The layers below know a topic's id only, callers know its name. */
    private static String named(String detail, Topic topic) {
        return detail.replace(topic.id().toString(), topic.name());
    }

    /** What such an error is called. */
    public static ErrorCode codeOf(ProduceOutcome.Failed failed) {
        return code(failed.error());
    }

    private static ErrorCode code(ProduceError error) {
        return switch (error) {
            case NOT_LEADER_OR_FOLLOWER -> ErrorCode.NOT_LEADER_OR_FOLLOWER;
            case NOT_ENOUGH_REPLICAS -> ErrorCode.NOT_ENOUGH_REPLICAS;
            case NOT_ENOUGH_REPLICAS_AFTER_APPEND -> ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND;
            case REQUEST_TIMED_OUT -> ErrorCode.REQUEST_TIMED_OUT;
            case THROTTLING_QUOTA_EXCEEDED -> ErrorCode.THROTTLING_QUOTA_EXCEEDED;
            case OUT_OF_ORDER_SEQUENCE_NUMBER -> ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER;
            case INVALID_RECORD -> ErrorCode.INVALID_RECORD;
            case INVALID_PRODUCER_EPOCH -> ErrorCode.INVALID_PRODUCER_EPOCH;
            case UNKNOWN_PRODUCER_ID -> ErrorCode.UNKNOWN_PRODUCER_ID;
            case KAFKA_STORAGE_ERROR -> ErrorCode.KAFKA_STORAGE_ERROR;
        };
    }

    /** A ready-made batch that must not be stamped. */
    public static Failure of(BatchVerdict.Invalid invalid) {
        return Failure.notWritten(code(invalid.reason()), "record_batch", invalid.detail());
    }

    private static ErrorCode code(BatchVerdict.Reason reason) {
        return switch (reason) {
            case LENGTH, MAGIC, CRC, NOT_DECOMPRESSED -> ErrorCode.CORRUPT_MESSAGE;
            case TOO_LARGE -> ErrorCode.MESSAGE_TOO_LARGE;
            case COMPRESSION -> ErrorCode.UNSUPPORTED_COMPRESSION_TYPE;
            case TIMESTAMP -> ErrorCode.INVALID_TIMESTAMP;
            case ATTRIBUTES, RECORD_COUNT, PRODUCER, RECORD -> ErrorCode.INVALID_RECORD;
        };
    }

    /** A request about a topic that was refused. */
    public static Failure of(TopicOutcome.Refused refused) {
        return new Failure(code(refused.error()), null, refused.detail(), "");
    }

    /** Nobody knows whether a request about a topic was carried out. */
    public static Failure of(TopicOutcome.Unknown unknown) {
        return new Failure(ErrorCode.COORDINATOR_NOT_AVAILABLE, null, unknown.detail(), "");
    }

    private static ErrorCode code(TopicError error) {
        return switch (error) {
            case INVALID_TOPIC_EXCEPTION -> ErrorCode.INVALID_TOPIC_EXCEPTION;
            case TOPIC_ALREADY_EXISTS -> ErrorCode.TOPIC_ALREADY_EXISTS;
            case UNKNOWN_TOPIC_OR_PARTITION -> ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
            case INVALID_PARTITIONS -> ErrorCode.INVALID_PARTITIONS;
            case INVALID_REPLICATION_FACTOR -> ErrorCode.INVALID_REPLICATION_FACTOR;
            case INVALID_CONFIG -> ErrorCode.INVALID_CONFIG;
            case POLICY_VIOLATION -> ErrorCode.POLICY_VIOLATION;
        };
    }

    /** The partition cannot be read here and now. */
    public static Failure of(FetchOutcome.Unavailable unavailable, Topic topic) {
        return new Failure(
                ErrorCode.NOT_LEADER_OR_FOLLOWER, null, named(unavailable.detail(), topic), "");
    }

    /** As many reads are under way, or answers in memory, as may. */
    public static Failure of(FetchOutcome.Throttled throttled, Topic topic) {
        return new Failure(
                ErrorCode.THROTTLING_QUOTA_EXCEEDED, null, named(throttled.detail(), topic), "");
    }

    /** The offset asked for is not in the log. */
    public static Failure of(FetchOutcome.OutOfRange outOfRange, long offset) {
        String log =
                outOfRange.highWatermark() < 0
                        ? "begins at %d".formatted(outOfRange.logStart())
                        : "goes from %d to the high watermark %d"
                                .formatted(outOfRange.logStart(), outOfRange.highWatermark());
        return new Failure(
                ErrorCode.OFFSET_OUT_OF_RANGE,
                null,
                "offset %d is not in the log, which %s".formatted(offset, log),
                "offset",
                outOfRange.leaderEpoch());
    }

    /** A commit of an offset that was refused. */
    public static Failure of(CommitOutcome.Refused refused) {
        return new Failure(ErrorCode.valueOf(refused.error()), null, refused.detail(), "");
    }

    /** The metadata store did not answer. */
    public static Failure metadataSilent(Throwable why) {
        return Failure.refused(
                ErrorCode.COORDINATOR_NOT_AVAILABLE,
                "",
                "the metadata store did not answer: " + why.getMessage());
    }
}
