package io.ackgate.gateway.grpc;

import com.google.protobuf.ByteString;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.produce.Payload;
import io.ackgate.gateway.produce.ProduceAnswer;
import io.ackgate.gateway.produce.ProduceCommand;
import io.ackgate.gateway.produce.ProducerSequence;
import io.ackgate.gateway.produce.Receipt;
import io.ackgate.v1.Header;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProducerRecord;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests to write as commands, and receipts as messages. */
public final class ProduceMessages {
    private ProduceMessages() {}

    /** What a request asks for whose caller waits for ever. */
    public static ProduceCommand command(ProduceRequest request) {
        return command(request, null);
    }

    /**
     * What a request asks for. It shares the request's memory, which nobody writes to.
     *
     * @param deadline of its call; null if there is none
     */
    static ProduceCommand command(ProduceRequest request, @Nullable CallDeadline deadline) {
        return new ProduceCommand(
                request.getTopic(),
                request.hasPartition() ? request.getPartition() : null,
                acks(request),
                request.hasTimeoutMs() ? request.getTimeoutMs() : null,
                CallDeadline.leftMillis(deadline),
                request.hasProducer()
                        ? new ProducerSequence(
                                request.getProducer().getProducerId(),
                                request.getProducer().getProducerEpoch(),
                                request.getProducer().getBaseSequence())
                        : null,
                payload(request));
    }

    /** Null for the topic's default, and for those that {@link #payload} refuses. */
    private static @Nullable Acks acks(ProduceRequest request) {
        return switch (request.getAcks()) {
            case ACKS_UNSPECIFIED, UNRECOGNIZED -> null;
            case ACKS_NONE -> Acks.NONE;
            case ACKS_LEADER -> Acks.LEADER;
            case ACKS_ALL -> Acks.ALL;
        };
    }

    private static Payload payload(ProduceRequest request) {
        if (request.hasRecordBatch() && request.getRecordsCount() > 0) {
            return unclear(
                    ErrorCode.INVALID_REQUEST,
                    "record_batch",
                    "records and record_batch are both given: leave one of them out");
        }
        if (request.getAcks() == io.ackgate.v1.Acks.UNRECOGNIZED) {
            return unclear(
                    ErrorCode.INVALID_REQUIRED_ACKS,
                    "acks",
                    "acks %d is unknown".formatted(request.getAcksValue()));
        }
        return request.hasRecordBatch()
                ? new Payload.Batch(request.getRecordBatch().asReadOnlyByteBuffer())
                : new Records(request.getRecordsList());
    }

    private static Payload unclear(ErrorCode code, String field, String problem) {
        return new Payload.Unclear(Failure.notWritten(code, field, problem));
    }

    /** The records of a request as they lie in it. */
    private record Records(List<ProducerRecord> list) implements Payload.Records {
        @Override
        public int count() {
            return list.size();
        }

        @Override
        public @Nullable ByteBuffer key(int index) {
            ProducerRecord record = list.get(index);
            return record.hasKey() ? record.getKey().asReadOnlyByteBuffer() : null;
        }

        @Override
        public @Nullable ByteBuffer value(int index) {
            ProducerRecord record = list.get(index);
            return record.hasValue() ? record.getValue().asReadOnlyByteBuffer() : null;
        }

        @Override
        public int contentBytes(int index) {
            ProducerRecord record = list.get(index);
            return record.getKey().size() + record.getValue().size();
        }

        @Override
        public long timestampMillis(int index, long unset) {
            ProducerRecord record = list.get(index);
            return record.hasTimestampMs() ? record.getTimestampMs() : unset;
        }

        @Override
        public int headerCount(int index) {
            return list.get(index).getHeadersCount();
        }

        @Override
        public ByteBuffer headerKey(int index, int header) {
            return list.get(index).getHeaders(header).getKeyBytes().asReadOnlyByteBuffer();
        }

        @Override
        public @Nullable ByteBuffer headerValue(int index, int header) {
            Header given = list.get(index).getHeaders(header);
            return given.hasValue() ? given.getValue().asReadOnlyByteBuffer() : null;
        }

        @Override
        public int headerBytes(int index, int header) {
            Header given = list.get(index).getHeaders(header);
            ByteString key = given.getKeyBytes();
            return key.size() + given.getValue().size();
        }
    }

    /** The receipts of an answer. */
    static List<io.ackgate.v1.Receipt> receipts(ProduceAnswer answer) {
        return answer.receipts().stream().map(ProduceMessages::receipt).toList();
    }

    /** One receipt. */
    static io.ackgate.v1.Receipt receipt(Receipt receipt) {
        io.ackgate.v1.Receipt.Builder message =
                io.ackgate.v1.Receipt.newBuilder()
                        .setTopic(receipt.topic())
                        .setPartition(receipt.partition())
                        .setRecordCount(receipt.recordCount())
                        .setLeaderEpoch(receipt.leaderEpoch())
                        .setAppendTimeMs(receipt.appendMillis())
                        .addAllReplicas(receipt.replicas())
                        .setIsrSize(receipt.isrSize())
                        .setDuplicate(receipt.duplicate())
                        .addAllRecordIndexes(receipt.recordIndexes());
        if (receipt.baseOffset() != Receipt.NO_OFFSET) {
            message.setBaseOffset(receipt.baseOffset());
        }
        return message.build();
    }
}
