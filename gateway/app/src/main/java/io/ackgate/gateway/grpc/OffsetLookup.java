package io.ackgate.gateway.grpc;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.consume.ConsumerLimits;
import io.ackgate.gateway.consume.PartitionReads;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.failure.FailureException;
import io.ackgate.gateway.failure.RequestChecks;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.v1.ListOffsetsRequest;
import io.ackgate.v1.ListOffsetsResponse;
import io.ackgate.v1.PartitionOffset;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** Offsets of positions, per partition; one that cannot answer does not take the others along. */
final class OffsetLookup {
    private static final int DEFAULT_TIMEOUT_MILLIS = 5_000;

    private OffsetLookup() {}

    static Uni<ListOffsetsResponse> answer(
            ListOffsetsRequest request, Topic topic, PartitionReads reads) {
        List<Integer> partitions = RequestChecks.partitions(topic, request.getPartitionsList());
        PartitionInput.Position position = target(request);
        int timeoutMillis =
                RequestChecks.within(
                        request.hasTimeoutMs(),
                        request.getTimeoutMs(),
                        DEFAULT_TIMEOUT_MILLIS,
                        0,
                        ConsumerLimits.MAX_WAIT_MILLIS,
                        "timeout_ms");
        List<Uni<PartitionOffset>> asked =
                partitions.stream()
                        .map(
                                p ->
                                        position(
                                                reads,
                                                topic,
                                                p,
                                                position,
                                                request.getTimestampMs(),
                                                timeoutMillis))
                        .toList();
        return Uni.join()
                .all(asked)
                .andFailFast()
                .emitOn(EventLoopTurns.current())
                .map(offsets -> ListOffsetsResponse.newBuilder().addAllOffsets(offsets).build());
    }

    private static PartitionInput.Position target(ListOffsetsRequest request) {
        return switch (request.getTargetCase()) {
            case TIMESTAMP_MS -> {
                if (request.getTimestampMs() < 0) {
                    throw RequestChecks.invalid(
                            "timestamp_ms",
                            "timestamp %d is negative".formatted(request.getTimestampMs()));
                }
                yield PartitionInput.Position.TIMESTAMP;
            }
            case OFFSET_SPEC ->
                    switch (request.getOffsetSpec()) {
                        case OFFSET_SPEC_EARLIEST -> PartitionInput.Position.EARLIEST;
                        case OFFSET_SPEC_LATEST, OFFSET_SPEC_UNSPECIFIED ->
                                PartitionInput.Position.LATEST;
                        case UNRECOGNIZED ->
                                throw RequestChecks.invalid(
                                        "offset_spec",
                                        "offset spec %d is unknown"
                                                .formatted(request.getOffsetSpecValue()));
                    };
            case TARGET_NOT_SET -> PartitionInput.Position.LATEST;
        };
    }

    private static Uni<PartitionOffset> position(
            PartitionReads reads,
            Topic topic,
            int partition,
            PartitionInput.Position position,
            long timestampMillis,
            int timeoutMillis) {
        return reads.listOffset(
                        Caller.ANONYMOUS,
                        topic,
                        partition,
                        position,
                        timestampMillis,
                        timeoutMillis)
                .map(found -> offset(partition, position, found))
                .onFailure(FailureException.class)
                .recoverWithItem(why -> refusal(partition, why.failure()));
    }

    private static PartitionOffset offset(
            int partition, PartitionInput.Position asked, FetchOutcome.Position found) {
        PartitionOffset.Builder offset =
                PartitionOffset.newBuilder()
                        .setPartition(partition)
                        .setLeaderEpoch(found.leaderEpoch());
        if (found.offset() >= 0) {
            offset.setOffset(found.offset());
            if (asked == PartitionInput.Position.TIMESTAMP) {
                offset.setTimestampMs(found.timestampMillis());
            }
        }
        return offset.build();
    }

    private static PartitionOffset refusal(int partition, Failure why) {
        return PartitionOffset.newBuilder()
                .setPartition(partition)
                .setError(GrpcErrors.message(why))
                .build();
    }
}
