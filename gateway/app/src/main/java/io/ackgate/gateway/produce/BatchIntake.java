package io.ackgate.gateway.produce;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.failure.Failures;
import io.ackgate.gateway.failure.RequestChecks;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.topic.NameRules;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.record.BatchFrame;
import io.ackgate.record.BatchValidator;
import io.ackgate.record.BatchVerdict;
import io.ackgate.record.CompressedRecords;
import io.ackgate.record.Compression;
import io.ackgate.record.RecordBatch;
import io.ackgate.record.RecordBatchReader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The door for records: decides whether a request may be written, and as which batches. What it
 * lets pass needs no second look, but for what a client has compressed. Any thread; nothing here
 * waits.
 */
final class BatchIntake {
    private static final Logger LOG = Logger.getLogger(BatchIntake.class);
    private static final Failure UNFORESEEN =
            Failure.notWritten(
                    ErrorCode.UNKNOWN_SERVER_ERROR,
                    "",
                    "the gateway met something unforeseen when it looked at the request");

    private final Topics topics;
    private final KeyedRecords keyed;
    private final long defaultTimeoutNanos;

    BatchIntake(Topics topics, StickyPartitions sticky, long defaultTimeoutNanos) {
        this.topics = topics;
        this.keyed = new KeyedRecords(sticky);
        this.defaultTimeoutNanos = defaultTimeoutNanos;
    }

    /**
     * Looks at one request. Gives a verdict whatever goes wrong: who has a place in a stream waits
     * for it.
     *
     * @param nowMillis timestamp for records that bring none
     */
    IntakeVerdict take(ProduceCommand command, long nowMillis) {
        Topic topic = topics.cached(command.topic());
        if (topic == null) {
            return new IntakeVerdict.Refused(unknownTopic(command.topic()), List.of());
        }
        try {
            return take(command, topic, nowMillis);
        } catch (RuntimeException | Error bug) {
            LOG.error("a request to write could not be looked at", bug);
            return refused(command, topic, UNFORESEEN);
        }
    }

    private IntakeVerdict take(ProduceCommand command, Topic topic, long nowMillis) {
        Failure shape = shapeDefect(command, topic);
        if (shape != null) {
            return refused(command, topic, shape);
        }
        Acks asked = command.acks();
        boolean byDefault = asked == null;
        Acks acks = asked == null ? topic.settings().defaultAcks() : asked;
        Batches made =
                switch (command.payload()) {
                    case Payload.Records records ->
                            keyed.toBatches(command, records, topic, nowMillis);
                    case Payload.Batch(ByteBuffer bytes) -> readyMade(command, bytes, topic);
                    case Payload.Unclear(Failure failure) -> new Batches.Refused(failure);
                };
        return switch (made) {
            case Batches.Refused(Failure failure) -> refused(command, topic, failure);
            case Batches.Built(List<PartitionBatch> batches) -> {
                Failure objection = AcksRule.objection(acks, byDefault, topic, idempotent(batches));
                if (objection != null) {
                    yield refused(command, topic, objection);
                }
                IntakeVerdict.Taken taken =
                        new IntakeVerdict.Taken(topic, batches, acks, timeoutNanos(command));
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

    private static IntakeVerdict refused(ProduceCommand command, Topic topic, Failure failure) {
        Integer partition = command.partition();
        if (partition == null || partition < 0 || partition >= topic.partitions()) {
            return new IntakeVerdict.Refused(failure, List.of());
        }
        return new IntakeVerdict.Refused(failure, List.of(topic.partition(partition)));
    }

    /** Looks at what can be told without looking at a record. */
    private static @Nullable Failure shapeDefect(ProduceCommand command, Topic topic) {
        Integer partition = command.partition();
        if (partition != null && (partition < 0 || partition >= topic.partitions())) {
            return Failure.notWritten(
                    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                    "partition",
                    NameRules.unknownPartition(topic, partition));
        }
        Integer timeout = command.timeoutMillis();
        if (timeout != null && timeout < 0) {
            return invalid(
                    "timeout_ms",
                    "timeout_ms is %d, it must be 0 or more; leave it out for the gateway's default"
                            .formatted(timeout));
        }
        ProducerSequence producer = command.producer();
        if (producer != null) {
            Failure defect = producerDefect(producer);
            if (defect != null) {
                return defect;
            }
        }
        return switch (command.payload()) {
            case Payload.Unclear(Failure failure) -> failure;
            case Payload.Records records when records.count() == 0 ->
                    invalid(
                            "records",
                            "the batch is empty: give one record or more in records, or a whole"
                                    + " batch in record_batch");
            case Payload.Records records ->
                    partition == null && producer != null ? partitionMissing("producer") : null;
            case Payload.Batch batch ->
                    partition == null
                            ? partitionMissing(producer != null ? "producer" : "record_batch")
                            : null;
        };
    }

    private static Failure partitionMissing(String beside) {
        return invalid(
                "partition",
                "partition must be given together with "
                        + beside
                        + ", whose sequence is counted per partition");
    }

    private static @Nullable Failure producerDefect(ProducerSequence producer) {
        if (producer.producerId() < 0) {
            return invalid(
                    "producer.producer_id",
                    "producer id %d is negative".formatted(producer.producerId()));
        }
        if (producer.producerEpoch() < 0 || producer.producerEpoch() > Short.MAX_VALUE) {
            return invalid(
                    "producer.producer_epoch",
                    "producer epoch %d is not within 0 to %d"
                            .formatted(producer.producerEpoch(), Short.MAX_VALUE));
        }
        if (producer.baseSequence() < 0) {
            return invalid(
                    "producer.base_sequence",
                    "base sequence %d is negative".formatted(producer.baseSequence()));
        }
        return null;
    }

    private static Batches readyMade(ProduceCommand command, ByteBuffer bytes, Topic topic) {
        if (command.producer() != null) {
            return new Batches.Refused(
                    invalid(
                            "producer",
                            "producer is given beside record_batch, which carries its own"));
        }
        int size = bytes.remaining();
        ByteBuffer frame = ByteBuffer.allocate(BatchFrame.FRAME_HEADER_BYTES + size);
        frame.put(BatchFrame.FRAME_HEADER_BYTES, bytes, bytes.position(), size);
        BatchVerdict verdict =
                BatchValidator.validate(
                        frame.slice(BatchFrame.FRAME_HEADER_BYTES, size),
                        topic.settings().maxMessageBytes(),
                        Long.MAX_VALUE);
        return switch (verdict) {
            case BatchVerdict.Invalid invalid -> new Batches.Refused(Failures.of(invalid));
            case BatchVerdict.Valid valid ->
                    new Batches.Built(
                            List.of(
                                    new PartitionBatch(
                                            topic.partition(
                                                    Objects.requireNonNull(command.partition())),
                                            frame,
                                            valid.recordCount(),
                                            List.of())));
        };
    }

    private long timeoutNanos(ProduceCommand command) {
        Integer given = command.timeoutMillis();
        long timeout = given != null ? TimeUnit.MILLISECONDS.toNanos(given) : defaultTimeoutNanos;
        Integer caller = command.callerMillis();
        return caller == null ? timeout : Math.min(timeout, TimeUnit.MILLISECONDS.toNanos(caller));
    }

    static Failure unknownTopic(String name) {
        return RequestChecks.unknownTopic(name, WriteStatus.NOT_WRITTEN);
    }

    private static Failure invalid(String field, String detail) {
        return Failure.notWritten(ErrorCode.INVALID_REQUEST, field, detail);
    }
}
