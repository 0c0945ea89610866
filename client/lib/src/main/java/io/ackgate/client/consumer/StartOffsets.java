package io.ackgate.client.consumer;

import io.ackgate.client.RequestException;
import io.ackgate.client.StartAt;
import io.ackgate.client.wire.GatewayError;
import io.ackgate.client.wire.UnaryCalls;
import io.ackgate.v1.CommittedOffset;
import io.ackgate.v1.ConsumerServiceGrpc;
import io.ackgate.v1.GetCommittedOffsetsRequest;
import io.ackgate.v1.ListOffsetsRequest;
import io.ackgate.v1.ListOffsetsResponse;
import io.ackgate.v1.OffsetSpec;
import io.ackgate.v1.PartitionOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Finds the offsets that a start stands for. */
public final class StartOffsets {
    private final UnaryCalls calls;
    private final String topic;

    public StartOffsets(UnaryCalls calls, String topic) {
        this.calls = calls;
        this.topic = topic;
    }

    /**
     * The offset to start with, by partition.
     *
     * @throws RequestException if a partition answers with an error
     */
    public Map<Integer, Long> resolve(StartAt start, List<Integer> partitions) {
        return switch (start) {
            case StartAt.Earliest() -> offsets(OffsetSpec.OFFSET_SPEC_EARLIEST, partitions);
            case StartAt.Latest() -> offsets(OffsetSpec.OFFSET_SPEC_LATEST, partitions);
            case StartAt.Offset(long offset) -> {
                Map<Integer, Long> offsets = new TreeMap<>();
                partitions.forEach(partition -> offsets.put(partition, offset));
                yield offsets;
            }
            case StartAt.FromEnd(long records) -> {
                Map<Integer, Long> earliest = offsets(OffsetSpec.OFFSET_SPEC_EARLIEST, partitions);
                Map<Integer, Long> offsets = offsets(OffsetSpec.OFFSET_SPEC_LATEST, partitions);
                offsets.replaceAll(
                        (partition, end) ->
                                Math.max(earliest.getOrDefault(partition, 0L), end - records));
                yield offsets;
            }
            case StartAt.Timestamp(long millis) -> {
                ListOffsetsRequest.Builder request =
                        ListOffsetsRequest.newBuilder().setTimestampMs(millis);
                yield complete(list(request, partitions), new StartAt.Latest(), partitions);
            }
            case StartAt.Committed(String group, StartAt autoOffsetReset) ->
                    complete(committed(group, partitions), autoOffsetReset, partitions);
        };
    }

    private Map<Integer, Long> offsets(OffsetSpec spec, List<Integer> partitions) {
        return list(ListOffsetsRequest.newBuilder().setOffsetSpec(spec), partitions);
    }

    private Map<Integer, Long> complete(
            Map<Integer, Long> known, StartAt autoOffsetReset, List<Integer> partitions) {
        List<Integer> missing = new ArrayList<>(partitions);
        missing.removeAll(known.keySet());
        if (!missing.isEmpty()) {
            known.putAll(resolve(autoOffsetReset, missing));
        }
        return known;
    }

    private Map<Integer, Long> committed(String group, List<Integer> partitions) {
        GetCommittedOffsetsRequest request =
                GetCommittedOffsetsRequest.newBuilder()
                        .setGroup(group)
                        .setTopic(topic)
                        .addAllPartitions(partitions)
                        .build();
        Map<Integer, Long> offsets = new TreeMap<>();
        for (CommittedOffset committed :
                calls.call(ConsumerServiceGrpc.getGetCommittedOffsetsMethod(), request)
                        .getOffsetsList()) {
            offsets.put(committed.getPartition(), committed.getOffset());
        }
        return offsets;
    }

    private Map<Integer, Long> list(ListOffsetsRequest.Builder request, List<Integer> partitions) {
        if (partitions.isEmpty()) {
            return new TreeMap<>();
        }
        ListOffsetsResponse answer =
                calls.call(
                        ConsumerServiceGrpc.getListOffsetsMethod(),
                        request.setTopic(topic).addAllPartitions(partitions).build());
        Map<Integer, Long> offsets = new TreeMap<>();
        for (PartitionOffset partition : answer.getOffsetsList()) {
            if (partition.hasError()) {
                GatewayError error = GatewayError.of(partition.getError());
                throw new RequestException(
                        error.code(),
                        error.retriable(),
                        "partition %d of topic '%s': %s"
                                .formatted(partition.getPartition(), topic, error.message()));
            }
            if (partition.hasOffset()) {
                offsets.put(partition.getPartition(), partition.getOffset());
            }
        }
        return offsets;
    }
}
