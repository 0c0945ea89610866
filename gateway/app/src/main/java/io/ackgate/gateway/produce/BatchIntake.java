package io.ackgate.gateway.produce;

import com.google.protobuf.ByteString;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.failure.Failures;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.record.BatchFrame;
import io.ackgate.record.BatchValidator;
import io.ackgate.record.BatchVerdict;
import io.ackgate.record.CompressedRecords;
import io.ackgate.record.Compression;
import io.ackgate.record.RecordBatch;
import io.ackgate.record.RecordBatchReader;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProducerSequence;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The door for records: decides whether a request may be written, and as which batches. What it
 * lets pass needs no second look, but for what a client has compressed. Any thread; nothing here
 * waits.
 */
final class BatchIntake {
    private final Topics topics;
    private final KeyedRecords keyed;
    private final long defaultTimeoutNanos;

    BatchIntake(Topics topics, StickyPartitions sticky, long defaultTimeoutNanos) {
        this.topics = topics;
        this.keyed = new KeyedRecords(sticky);
        this.defaultTimeoutNanos = defaultTimeoutNanos;
    }

    /**
     * Looks at one request.
     *
     * @param nowMillis timestamp for records that bring none
     */
    IntakeVerdict take(ProduceRequest request, long nowMillis) {
        Topic topic = topics.cached(request.getTopic());
        if (topic == null) {
            return new IntakeVerdict.Refused(unknownTopic(request.getTopic()), List.of());
        }
        Failure shape = shapeDefect(request, topic);
        if (shape != null) {
            return refused(request, topic, shape);
        }
        Acks acks = AcksRule.resolve(request.getAcks(), topic);
        if (acks == null) {
            return refused(
                    request,
                    topic,
                    Failure.notWritten(
                            ErrorCode.INVALID_REQUIRED_ACKS,
                            "acks",
                            "acks %d is unknown".formatted(request.getAcksValue())));
        }
        Batches made =
                request.hasRecordBatch()
                        ? readyMade(request, topic)
                        : keyed.toBatches(request, topic, nowMillis);
        return switch (made) {
            case Batches.Refused(Failure failure) -> refused(request, topic, failure);
            case Batches.Built(List<PartitionBatch> batches) -> {
                Failure objection =
                        AcksRule.objection(acks, request.getAcks(), topic, idempotent(batches));
                if (objection != null) {
                    yield refused(request, topic, objection);
                }
                IntakeVerdict.Taken taken =
                        new IntakeVerdict.Taken(topic, batches, acks, timeoutNanos(request));
                yield isCompressed(batches) ? new IntakeVerdict.Unopened(taken) : taken;
            }
        };
    }

    /** Only a client compresses, and its request holds one batch. */
    private static boolean isCompressed(List<PartitionBatch> batches) {
        int batch = BatchFrame.batchPosition(0);
        return RecordBatch.compression(batches.getFirst().frame(), batch) != Compression.NONE;
    }

    /**
     * Decompresses what a client has compressed, within the bounds of those who read it, and holds
     * it against its header. It may take a second: not for an event loop.
     */
    static IntakeVerdict open(IntakeVerdict.Unopened unopened) {
        PartitionBatch only = unopened.taken().batches().getFirst();
        ByteBuffer frame = only.frame();
        BatchVerdict verdict =
                CompressedRecords.validate(
                        frame.slice(
                                BatchFrame.FRAME_HEADER_BYTES,
                                frame.limit() - BatchFrame.FRAME_HEADER_BYTES),
                        RecordBatchReader.MAX_DECOMPRESSED_BYTES,
                        RecordBatchReader.MAX_RECORD_BYTES);
        return switch (verdict) {
            case BatchVerdict.Valid valid -> unopened.taken();
            case BatchVerdict.Invalid(BatchVerdict.Reason reason, String detail) ->
                    new IntakeVerdict.Refused(
                            Failures.of(
                                    new BatchVerdict.Invalid(reason, named(only, frame) + detail)),
                            List.of(only.partition()));
        };
    }

    private static String named(PartitionBatch batch, ByteBuffer frame) {
        int partition = batch.partition().partition();
        int sequence = BatchFrame.baseSequence(frame, 0);
        return sequence == RecordBatch.NO_SEQUENCE
                ? "the batch for partition %d: ".formatted(partition)
                : "the batch for partition %d with base sequence %d: "
                        .formatted(partition, sequence);
    }

    private static boolean idempotent(List<PartitionBatch> batches) {
        return BatchFrame.producerId(batches.getFirst().frame(), 0) != RecordBatch.NO_PRODUCER_ID;
    }

    private static IntakeVerdict refused(ProduceRequest request, Topic topic, Failure failure) {
        boolean known =
                request.hasPartition()
                        && request.getPartition() >= 0
                        && request.getPartition() < topic.partitions();
        return new IntakeVerdict.Refused(
                failure, known ? List.of(topic.partition(request.getPartition())) : List.of());
    }

    /** Looks at what can be told without looking at a record. */
    private static @Nullable Failure shapeDefect(ProduceRequest request, Topic topic) {
        if (request.hasPartition()
                && (request.getPartition() < 0 || request.getPartition() >= topic.partitions())) {
            return Failure.notWritten(
                    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                    "partition",
                    Names.unknownPartition(topic, request.getPartition()));
        }
        if (request.hasTimeoutMs() && request.getTimeoutMs() < 0) {
            return invalid(
                    "timeout_ms",
                    "timeout_ms is %d, it must be 0 or more; leave it out for the gateway's default"
                            .formatted(request.getTimeoutMs()));
        }
        if (request.hasProducer()) {
            Failure producer = producerDefect(request.getProducer());
            if (producer != null) {
                return producer;
            }
        }
        boolean plain = request.getRecordsCount() > 0;
        if (plain == request.hasRecordBatch()) {
            return plain
                    ? invalid(
                            "record_batch",
                            "records and record_batch are both given: leave one of them out")
                    : invalid(
                            "records",
                            "the batch is empty: give one record or more in records, or a whole"
                                    + " batch in record_batch");
        }
        if (!request.hasPartition() && (request.hasProducer() || request.hasRecordBatch())) {
            return invalid(
                    "partition",
                    "partition must be given together with "
                            + (request.hasProducer() ? "producer" : "record_batch")
                            + ", whose sequence is counted per partition");
        }
        return null;
    }

    private static @Nullable Failure producerDefect(ProducerSequence producer) {
        if (producer.getProducerId() < 0) {
            return invalid(
                    "producer.producer_id",
                    "producer id %d is negative".formatted(producer.getProducerId()));
        }
        if (producer.getProducerEpoch() < 0 || producer.getProducerEpoch() > Short.MAX_VALUE) {
            return invalid(
                    "producer.producer_epoch",
                    "producer epoch %d is not within 0 to %d"
                            .formatted(producer.getProducerEpoch(), Short.MAX_VALUE));
        }
        if (producer.getBaseSequence() < 0) {
            return invalid(
                    "producer.base_sequence",
                    "base sequence %d is negative".formatted(producer.getBaseSequence()));
        }
        return null;
    }

    private static Batches readyMade(ProduceRequest request, Topic topic) {
        if (request.hasProducer()) {
            return new Batches.Refused(
                    invalid(
                            "producer",
                            "producer is given beside record_batch, which carries its own"));
        }
        ByteString bytes = request.getRecordBatch();
        ByteBuffer frame = ByteBuffer.allocate(BatchFrame.FRAME_HEADER_BYTES + bytes.size());
        bytes.copyTo(frame.array(), BatchFrame.FRAME_HEADER_BYTES);
        BatchVerdict verdict =
                BatchValidator.validate(
                        frame.slice(BatchFrame.FRAME_HEADER_BYTES, bytes.size()),
                        topic.settings().maxMessageBytes(),
                        Long.MAX_VALUE);
        return switch (verdict) {
            case BatchVerdict.Invalid invalid -> new Batches.Refused(Failures.of(invalid));
            case BatchVerdict.Valid valid ->
                    new Batches.Built(
                            List.of(
                                    new PartitionBatch(
                                            topic.partition(request.getPartition()),
                                            frame,
                                            valid.recordCount(),
                                            List.of())));
        };
    }

    private long timeoutNanos(ProduceRequest request) {
        return request.hasTimeoutMs()
                ? TimeUnit.MILLISECONDS.toNanos(request.getTimeoutMs())
                : defaultTimeoutNanos;
    }

    static Failure unknownTopic(String name) {
        if (name.isEmpty()) {
            return invalid("topic", "topic is empty");
        }
        return Names.legal(name)
                ? Failure.notWritten(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "topic", Names.unknownTopic(name))
                : Failure.notWritten(
                        ErrorCode.INVALID_TOPIC_EXCEPTION,
                        "topic",
                        "no topic can be called %s".formatted(Names.shown(name)));
    }

    private static Failure invalid(String field, String detail) {
        return Failure.notWritten(ErrorCode.INVALID_REQUEST, field, detail);
    }
}
