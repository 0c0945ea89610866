package io.ackgate.gateway.failure;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.offsets.CommittedOffsets.CommitOutcome;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.topic.Topic;
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
        return new Failure(failed.error(), failed.writeStatus(), named(failed.detail(), topic), "");
    }

    /** The layers below know a topic's id only, callers know its name. */
    private static String named(String detail, Topic topic) {
        return detail.replace(topic.id().toString(), topic.name());
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
        return new Failure(refused.error(), null, refused.detail(), "");
    }

    /** Nobody knows whether a request about a topic was carried out. */
    public static Failure of(TopicOutcome.Unknown unknown) {
        return new Failure(ErrorCode.COORDINATOR_NOT_AVAILABLE, null, unknown.detail(), "");
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
        return new Failure(refused.error(), null, refused.detail(), "");
    }

    /** The metadata store did not answer. */
    public static Failure metadataSilent(Throwable why) {
        return Failure.refused(
                ErrorCode.COORDINATOR_NOT_AVAILABLE,
                "",
                "the metadata store did not answer: " + why.getMessage());
    }
}
