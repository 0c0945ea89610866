package io.ackgate.gateway.grpc;

import io.ackgate.gateway.consume.ConsumerLimits;
import io.ackgate.gateway.consume.OffsetReset;
import io.ackgate.gateway.consume.SubscriptionPlan;
import io.ackgate.gateway.consume.SubscriptionPlan.Start;
import io.ackgate.gateway.failure.RequestChecks;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.v1.SubscribeRequest;

/** Requests to subscribe as plans. */
final class SubscribeMessages {
    private SubscribeMessages() {}

    /** Throws what is wrong with the request. */
    static SubscriptionPlan plan(SubscribeRequest request, Topic topic) {
        var format = ReadMessages.format(request.getFormat(), request.getFormatValue());
        OffsetReset reset = reset(request);
        int maxBytes =
                RequestChecks.within(
                        request.hasMaxBytes(),
                        request.getMaxBytes(),
                        ConsumerLimits.DEFAULT_BYTES,
                        1,
                        ConsumerLimits.MAX_BYTES,
                        "max_bytes");
        return new SubscriptionPlan(
                topic,
                RequestChecks.partitions(topic, request.getPartitionsList()),
                request.getPartitionsCount() == 0,
                start(request),
                reset,
                format,
                maxBytes,
                request.getStopAtEnd(),
                request.getSkipUnreadable());
    }

    private static OffsetReset reset(SubscribeRequest request) {
        return switch (request.getAutoOffsetReset()) {
            case OFFSET_SPEC_UNSPECIFIED -> OffsetReset.NONE;
            case OFFSET_SPEC_EARLIEST -> OffsetReset.EARLIEST;
            case OFFSET_SPEC_LATEST -> OffsetReset.LATEST;
            case UNRECOGNIZED ->
                    throw RequestChecks.invalid(
                            "auto_offset_reset",
                            "offset spec %d is unknown"
                                    .formatted(request.getAutoOffsetResetValue()));
        };
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
                        case OFFSET_SPEC_EARLIEST -> new Start.Earliest();
                        case OFFSET_SPEC_LATEST, OFFSET_SPEC_UNSPECIFIED -> new Start.Latest();
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
            case START_NOT_SET -> new Start.Latest();
        };
    }
}
