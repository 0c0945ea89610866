package io.ackgate.gateway.grpc;

import io.ackgate.gateway.consume.ConsumerLimits;
import io.ackgate.gateway.failure.RequestChecks;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.v1.OffsetSpec;
import io.ackgate.v1.RecordFormat;
import io.ackgate.v1.SubscribeRequest;
import java.util.List;

/**
 * A subscription as asked for, with its defaults filled in.
 *
 * @param start where each partition starts
 * @param allPartitions whether partitions that the topic gets later are read too
 * @param autoOffsetReset where to start without a committed offset, and to go on after retention
 * @param maxBytes of one answer, about
 * @param skipUnreadable whether to step over stored batches that cannot be read as records
 */
record SubscribePlan(
        Topic topic,
        List<Integer> partitions,
        boolean allPartitions,
        Start start,
        OffsetSpec autoOffsetReset,
        RecordFormat format,
        int maxBytes,
        boolean stopAtEnd,
        boolean skipUnreadable) {

    /** Where a partition starts. */
    sealed interface Start {
        record At(OffsetSpec spec) implements Start {}

        record AtOffset(long offset) implements Start {}

        record AtTimestamp(long millis) implements Start {}

        record AtCommitted(String group) implements Start {}
    }

    /** Throws what is wrong with the request. */
    static SubscribePlan of(SubscribeRequest request, Topic topic) {
        FetchCall.requireFormat(request.getFormat(), request.getFormatValue());
        if (request.getAutoOffsetReset() == OffsetSpec.UNRECOGNIZED) {
            throw RequestChecks.invalid(
                    "auto_offset_reset",
                    "offset spec %d is unknown".formatted(request.getAutoOffsetResetValue()));
        }
        int maxBytes =
                RequestChecks.within(
                        request.hasMaxBytes(),
                        request.getMaxBytes(),
                        ConsumerLimits.DEFAULT_BYTES,
                        1,
                        ConsumerLimits.MAX_BYTES,
                        "max_bytes");
        return new SubscribePlan(
                topic,
                RequestChecks.partitions(topic, request.getPartitionsList()),
                request.getPartitionsCount() == 0,
                start(request),
                request.getAutoOffsetReset(),
                request.getFormat(),
                maxBytes,
                request.getStopAtEnd(),
                request.getSkipUnreadable());
    }

    private static Start start(SubscribeRequest request) {
        return switch (request.getStartCase()) {
            case OFFSET_SPEC ->
                    switch (request.getOffsetSpec()) {
                        case UNRECOGNIZED ->
                                throw RequestChecks.invalid(
                                        "offset_spec",
                                        "offset spec %d is unknown"
                                                .formatted(request.getOffsetSpecValue()));
                        case OFFSET_SPEC_UNSPECIFIED -> new Start.At(OffsetSpec.OFFSET_SPEC_LATEST);
                        case OFFSET_SPEC_EARLIEST, OFFSET_SPEC_LATEST ->
                                new Start.At(request.getOffsetSpec());
                    };
            case OFFSET -> {
                if (request.getOffset() < 0) {
                    throw RequestChecks.invalid(
                            "offset", "offset %d is negative".formatted(request.getOffset()));
                }
                if (request.getPartitionsCount() != 1) {
                    throw RequestChecks.invalid(
                            "partitions",
                            "an offset starts one partition, but %d are named"
                                    .formatted(request.getPartitionsCount()));
                }
                yield new Start.AtOffset(request.getOffset());
            }
            case TIMESTAMP_MS -> {
                if (request.getTimestampMs() < 0) {
                    throw RequestChecks.invalid(
                            "timestamp_ms",
                            "timestamp %d is negative".formatted(request.getTimestampMs()));
                }
                yield new Start.AtTimestamp(request.getTimestampMs());
            }
            case GROUP -> new Start.AtCommitted(RequestChecks.group(request.getGroup()));
            case START_NOT_SET -> new Start.At(OffsetSpec.OFFSET_SPEC_LATEST);
        };
    }
}
