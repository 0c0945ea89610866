package io.ackgate.gateway.grpc;

import io.ackgate.gateway.consume.Chunk;
import io.ackgate.gateway.consume.ChunkReader;
import io.ackgate.gateway.consume.ConsumerLimits;
import io.ackgate.gateway.consume.PartitionReads;
import io.ackgate.gateway.consume.Targets;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.runtime.ReadMemory;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.v1.FetchRequest;
import io.ackgate.v1.FetchResponse;
import io.ackgate.v1.RecordFormat;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.Executor;

/** One read of one partition. */
final class FetchCall {
    private static final int DEFAULT_WAIT_MILLIS = 500;

    private FetchCall() {}

    static Uni<FetchResponse> answer(
            FetchRequest request, Topic topic, PartitionReads reads, Executor unpacking) {
        Targets.partition(topic, request.getPartition(), "partition");
        requireFormat(request.getFormat(), request.getFormatValue());
        if (request.getOffset() < 0) {
            throw Targets.invalid("offset", "offset %d is negative".formatted(request.getOffset()));
        }
        int waitMillis =
                Targets.within(
                        request.hasMaxWaitMs(),
                        request.getMaxWaitMs(),
                        DEFAULT_WAIT_MILLIS,
                        0,
                        ConsumerLimits.MAX_WAIT_MILLIS,
                        "max_wait_ms");
        int minBytes =
                Targets.within(
                        request.hasMinBytes(),
                        request.getMinBytes(),
                        1,
                        0,
                        ConsumerLimits.MAX_BYTES,
                        "min_bytes");
        int maxBytes =
                Targets.within(
                        request.hasMaxBytes(),
                        request.getMaxBytes(),
                        ConsumerLimits.DEFAULT_BYTES,
                        1,
                        ConsumerLimits.MAX_BYTES,
                        "max_bytes");
        ReadMemory.Reader reader = TakenAnswers.reader();
        EventLoopTurns turns = EventLoopTurns.current();
        return reads.fetch(
                        topic,
                        request.getPartition(),
                        request.getOffset(),
                        maxBytes,
                        minBytes,
                        waitMillis,
                        reader)
                .emitOn(turns)
                .flatMap(
                        fetched -> {
                            ChunkReader opened =
                                    new ChunkReader(
                                            fetched.frames(),
                                            request.getOffset(),
                                            request.getFormat(),
                                            request.getSkipUnreadable());
                            if (!opened.mayGrow()) {
                                return Uni.createFrom().item(response(opened, fetched, maxBytes));
                            }
                            reader.hold(opened.bytesBeyondFrames(answerBytes(maxBytes)));
                            reader.making();
                            return Uni.createFrom()
                                    .item(opened)
                                    .emitOn(unpacking)
                                    .map(ready -> response(ready, fetched, maxBytes))
                                    .emitOn(turns);
                        });
    }

    private static int answerBytes(int maxBytes) {
        return Math.min(maxBytes, ConsumerLimits.MAX_ANSWER_BYTES);
    }

    private static FetchResponse response(
            ChunkReader opened, FetchOutcome.Fetched fetched, int maxBytes) {
        Chunk chunk;
        try (opened) {
            chunk = opened.read(ChunkReader.Bound.ofBytes(answerBytes(maxBytes)));
        }
        FetchResponse.Builder response =
                FetchResponse.newBuilder()
                        .addAllRecords(chunk.records())
                        .addAllRecordBatches(chunk.batches())
                        .addAllSkippedBatches(chunk.skipped())
                        .setNextOffset(chunk.nextOffset())
                        .setLogStartOffset(fetched.logStart())
                        .setLeaderEpoch(fetched.leaderEpoch());
        if (fetched.highWatermark() >= 0) {
            response.setHighWatermark(fetched.highWatermark());
        }
        return response.build();
    }

    static void requireFormat(RecordFormat format, int number) {
        if (format == RecordFormat.UNRECOGNIZED) {
            throw Targets.invalid("format", "format %d is unknown".formatted(number));
        }
    }
}
