package io.ackgate.gateway.produce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.grpc.ProduceMessages;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.record.BatchFrame;
import io.ackgate.record.FrameVerdict;
import io.ackgate.record.RecordBatch;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.record.RecordBatchReader;
import io.ackgate.record.UnreadableBatchException;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProducerRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** The intake of a gateway that knows one topic, and requests for it. */
abstract class IntakeFixture {
    static final long NOW = 1_700_000_000_000L;
    static final Duration TIMEOUT = Duration.ofSeconds(30);

    final KnownTopics topics = new KnownTopics();
    final Topic events = topics.add("events", 6, Map.of());
    final BatchIntake intake =
            new BatchIntake(topics, new StickyPartitions(p -> true), TIMEOUT.toNanos());

    void assertRefused(ErrorCode code, String field, String words, ProduceRequest.Builder request) {
        IntakeVerdict verdict = intake.take(ProduceMessages.command(request.build()), NOW);
        Failure failure = assertInstanceOf(IntakeVerdict.Refused.class, verdict).failure();
        assertEquals(code, failure.code(), failure.detail());
        assertEquals(field, failure.field(), failure.detail());
        assertEquals(WriteStatus.NOT_WRITTEN, failure.writeStatus());
        assertTrue(failure.detail().contains(words), failure.detail());
    }

    IntakeVerdict.Taken taken(ProduceRequest request) {
        IntakeVerdict verdict = intake.take(ProduceMessages.command(request), NOW);
        return assertInstanceOf(IntakeVerdict.Taken.class, verdict, verdict::toString);
    }

    static PartitionBatch onlyBatch(IntakeVerdict.Taken taken) {
        assertEquals(1, taken.batches().size());
        return taken.batches().getFirst();
    }

    /** Stamps it, as its owner will, and looks whether storage would take it. */
    static void stamp(PartitionBatch batch) {
        BatchFrame.stampInPlace(batch.frame(), 1, 2, 3, 4, 5, 6);
        assertInstanceOf(FrameVerdict.Ok.class, BatchFrame.verify(batch.frame(), 0));
    }

    static RecordBatchReader read(PartitionBatch batch) throws UnreadableBatchException {
        stamp(batch);
        RecordBatchReader reader = new RecordBatchReader(1 << 20);
        reader.reset(
                batch.frame()
                        .slice(
                                BatchFrame.FRAME_HEADER_BYTES,
                                batch.frame().remaining() - BatchFrame.FRAME_HEADER_BYTES));
        return reader;
    }

    static byte[] batchOf(String... values) {
        RecordBatchBuilder builder = new RecordBatchBuilder(0, 1 << 20);
        for (String value : values) {
            builder.append(NOW, null, value.getBytes(StandardCharsets.UTF_8));
        }
        ByteBuffer batch = builder.build();
        byte[] bytes = new byte[batch.remaining()];
        batch.get(batch.position(), bytes);
        assertEquals(RecordBatch.MAGIC_V2, RecordBatch.magic(ByteBuffer.wrap(bytes), 0));
        return bytes;
    }

    static ProduceRequest.Builder request() {
        return ProduceRequest.newBuilder().setTopic("events");
    }

    static ProduceRequest.Builder one() {
        return request().addRecords(record("k", "v"));
    }

    static ProduceRequest.Builder idempotent() {
        return one().setPartition(1)
                .setProducer(
                        io.ackgate.v1.ProducerSequence.newBuilder()
                                .setProducerId(9)
                                .setProducerEpoch(4)
                                .setBaseSequence(100));
    }

    static ProducerRecord record(String key, String value) {
        return ProducerRecord.newBuilder().setKey(utf8(key)).setValue(utf8(value)).build();
    }

    static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }

    static String text(@org.jspecify.annotations.Nullable ByteBuffer bytes) {
        return bytes == null ? "null" : StandardCharsets.UTF_8.decode(bytes).toString();
    }
}
