package io.ackgate.gateway.grpc;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.consume.ConsumeMeter;
import io.ackgate.gateway.consume.ConsumerLimits;
import io.ackgate.gateway.consume.DecodedRecords;
import io.ackgate.gateway.consume.FrameDecoder;
import io.ackgate.gateway.consume.PartitionReads;
import io.ackgate.gateway.consume.RecordFormat;
import io.ackgate.gateway.consume.Unpacking;
import io.ackgate.gateway.failure.RequestChecks;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.runtime.ReadMemory;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.v1.ConsumerRecord;
import io.ackgate.v1.FetchRequest;
import io.ackgate.v1.FetchResponse;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.Executor;

/** One read of one partition. */
final class FetchCall {
    private static final int DEFAULT_WAIT_MILLIS = 500;

    /**
     * An answer that is made and not given.
     *
     * @param records in it, those of batches included
     * @param bytes of these
     */
    private record Answer(FetchResponse response, int records, long bytes) {}

    private FetchCall() {}

    static Uni<FetchResponse> answer(
            FetchRequest request,
            Topic topic,
            PartitionReads reads,
            Executor unpacking,
            ConsumeMeter meter) {
        RequestChecks.partition(topic, request.getPartition(), "partition");
        RecordFormat format = ReadMessages.format(request.getFormat(), request.getFormatValue());
        if (request.getOffset() < 0) {
            throw RequestChecks.invalid(
                    "offset", "offset %d is negative".formatted(request.getOffset()));
        }
        int waitMillis =
                RequestChecks.within(
                        request.hasMaxWaitMs(),
                        request.getMaxWaitMs(),
                        DEFAULT_WAIT_MILLIS,
                        0,
                        ConsumerLimits.MAX_WAIT_MILLIS,
                        "max_wait_ms");
        CallDeadline deadline = CallDeadline.current();
        int leftMillis = deadline == null ? waitMillis : deadline.leftMillis(System.nanoTime());
        int minBytes =
                RequestChecks.within(
                        request.hasMinBytes(),
                        request.getMinBytes(),
                        1,
                        0,
                        ConsumerLimits.MAX_BYTES,
                        "min_bytes");
        int maxBytes =
                RequestChecks.within(
                        request.hasMaxBytes(),
                        request.getMaxBytes(),
                        ConsumerLimits.DEFAULT_BYTES,
                        1,
                        ConsumerLimits.MAX_BYTES,
                        "max_bytes");
        ReadMemory.Reader reader = TakenAnswers.reader();
        EventLoopTurns turns = EventLoopTurns.current();
        return reads.fetch(
                        Caller.ANONYMOUS,
                        topic,
                        request.getPartition(),
                        request.getOffset(),
                        maxBytes,
                        minBytes,
                        Math.min(waitMillis, leftMillis),
                        reader)
                .emitOn(turns)
                .flatMap(
                        fetched -> {
                            FrameDecoder<ConsumerRecord> opened =
                                    new FrameDecoder<>(
                                            fetched.frames(),
                                            request.getOffset(),
                                            format,
                                            request.getSkipUnreadable(),
                                            ReadMessages.RECORDS);
                            if (!opened.mayGrow()) {
                                return Uni.createFrom().item(answer(opened, fetched, maxBytes));
                            }
                            reader.hold(opened.bytesBeyondFrames(answerBytes(maxBytes)));
                            return Unpacking.make(
                                            unpacking,
                                            reader,
                                            () -> answer(opened, fetched, maxBytes))
                                    .emitOn(turns);
                        })
                .map(
                        answer -> {
                            meter.given(topic, answer.records, answer.bytes);
                            return answer.response;
                        });
    }

    private static int answerBytes(int maxBytes) {
        return Math.min(maxBytes, ConsumerLimits.MAX_ANSWER_BYTES);
    }

    private static Answer answer(
            FrameDecoder<ConsumerRecord> opened, FetchOutcome.Fetched fetched, int maxBytes) {
        DecodedRecords<ConsumerRecord> chunk;
        try (opened) {
            chunk = opened.read(FrameDecoder.Bound.ofBytes(answerBytes(maxBytes)));
        }
        FetchResponse.Builder response =
                FetchResponse.newBuilder()
                        .addAllRecords(chunk.records())
                        .addAllRecordBatches(ReadMessages.batches(chunk))
                        .addAllSkippedBatches(ReadMessages.skipped(chunk))
                        .setNextOffset(chunk.nextOffset())
                        .setLogStartOffset(fetched.logStart())
                        .setLeaderEpoch(fetched.leaderEpoch());
        if (fetched.highWatermark() >= 0) {
            response.setHighWatermark(fetched.highWatermark());
        }
        return new Answer(response.build(), chunk.recordCount(), chunk.bytes());
    }
}
