package io.ackgate.gateway.grpc;

import static io.ackgate.gateway.Calls.detail;
import static io.ackgate.gateway.Calls.producer;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProduceStreamResponse;
import io.ackgate.v1.ProducerRecord;
import io.ackgate.v1.Receipt;
import io.ackgate.v1.RequestError;
import io.ackgate.v1.TrackProduceRequest;
import io.ackgate.v1.TrackProduceResponse;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The ways in which an idempotent batch comes to the gateway. */
enum Door {
    UNARY {
        @Override
        Told send(Channel channel, ProduceRequest.Builder request) throws Exception {
            return unary(channel, request);
        }
    },
    STREAM {
        @Override
        Told send(Channel channel, ProduceRequest.Builder request) throws Exception {
            ProduceStreamCall stream = new ProduceStreamCall(channel);
            stream.send(1, request);
            Told told = told(stream.answer());
            stream.endRequests();
            stream.awaitEnd();
            return told;
        }
    },
    TRACKED {
        @Override
        Told send(Channel channel, ProduceRequest.Builder request) {
            TrackProduceResponse[] last = new TrackProduceResponse[1];
            producer(channel)
                    .trackProduce(TrackProduceRequest.newBuilder().setProduce(request).build())
                    .forEachRemaining(step -> last[0] = step);
            return last[0].hasReceipt()
                    ? new Told(last[0].getReceipt(), null)
                    : told(last[0].getError());
        }
    },
    READY_MADE {
        @Override
        Told send(Channel channel, ProduceRequest.Builder request) throws Exception {
            return unary(channel, readyMade(request));
        }
    };

    /**
     * What a caller is told.
     *
     * @param refusal the error's name and write status; null when it was acknowledged
     */
    record Told(@Nullable Receipt receipt, @Nullable String refusal) {
        Receipt written() {
            return Objects.requireNonNull(receipt, String.valueOf(refusal));
        }
    }

    /** Sends a request with a partition, a producer sequence and plain records. */
    abstract Told send(Channel channel, ProduceRequest.Builder request) throws Exception;

    static Told told(ProduceStreamResponse answer) {
        return answer.hasError() ? told(answer.getError()) : new Told(answer.getReceipts(0), null);
    }

    static Told told(RequestError error) {
        String writeStatus = error.getWriteStatus().name().substring("WRITE_STATUS_".length());
        return new Told(null, error.getCode() + " " + writeStatus);
    }

    static Told unary(Channel channel, ProduceRequest.Builder request)
            throws InvalidProtocolBufferException {
        try {
            return new Told(producer(channel).produce(request.build()).getReceipts(0), null);
        } catch (StatusRuntimeException refused) {
            ErrorInfo info = Objects.requireNonNull(detail(refused, ErrorInfo.class));
            return new Told(null, info.getReason() + " " + info.getMetadataOrThrow("write_status"));
        }
    }

    /** The same request with a batch that its client has built. */
    static ProduceRequest.Builder readyMade(ProduceRequest.Builder request) {
        RecordBatchBuilder batch = new RecordBatchBuilder(0, 1 << 20);
        batch.producer(
                request.getProducer().getProducerId(),
                (short) request.getProducer().getProducerEpoch(),
                request.getProducer().getBaseSequence());
        for (ProducerRecord record : request.getRecordsList()) {
            batch.append(record.getTimestampMs(), null, record.getValue().toByteArray());
        }
        ByteBuffer built = batch.build();
        return request.clone()
                .clearProducer()
                .clearRecords()
                .setRecordBatch(ByteString.copyFrom(built));
    }
}
