package io.ackgate.gateway.produce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.google.protobuf.ByteString;
import io.ackgate.gateway.CompressedBatch;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.Failure;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.Fate;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.record.Compression;
import io.ackgate.v1.ProduceRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream's requests keep their order and all of them are answered or sent. */
class SendQueueTest {
    private final KnownTopics topics = new KnownTopics();
    private final ProduceOnly runtime = new ProduceOnly();
    private final LaterThreads threads = new LaterThreads();
    private final List<ProduceAnswer> answers = new ArrayList<>();
    private final Dispatch dispatch =
            new Dispatch(
                    topics,
                    runtime,
                    partition -> true,
                    Duration.ofSeconds(30),
                    new Opening(threads),
                    new Uncounted(),
                    InstantSource.system(),
                    () -> 0);
    private final SendQueue queue = new SendQueue(Runnable::run);

    private record Uncounted() implements ProduceMeter {
        @Override
        public void acknowledged(Topic topic, Acks acks, long nanos) {}

        @Override
        public void failed(ErrorCode code) {}
    }

    @BeforeEach
    void add() {
        topics.add("events", 6, Map.of());
    }

    private void send(int partition, Compression compression) {
        ByteString batch = CompressedBatch.of(compression, "v");
        send(partition, batch);
    }

    private void send(int partition, ByteString batch) {
        ProduceRequest request =
                ProduceRequest.newBuilder()
                        .setTopic("events")
                        .setPartition(partition)
                        .setRecordBatch(batch)
                        .build();
        queue.send(dispatch.take(request), answers::add);
    }

    private List<Integer> sent() {
        return runtime.given.stream().map(batch -> batch.partition().partition()).toList();
    }

    private static Failure failure(ProduceAnswer answer) {
        Failure failure = answer.failure();
        assertNotNull(failure);
        return failure;
    }

    @Test
    void plain_batches_wait_for_those_that_are_opened() {
        send(0, Compression.NONE);
        send(1, Compression.GZIP);
        send(2, Compression.NONE);
        assertEquals(List.of(0), sent());
        threads.runAll();
        send(3, Compression.NONE);
        assertEquals(List.of(0, 1, 2, 3), sent());
        assertEquals(List.of(), answers);
    }

    @Test
    void one_that_lies_is_answered_and_those_behind_it_are_sent() {
        ByteString plain = CompressedBatch.of(Compression.NONE, "v");
        send(
                1,
                CompressedBatch.withRecords(
                        Compression.ZSTD, plain.asReadOnlyByteBuffer(), new byte[] {'z', 'z'}));
        send(2, Compression.NONE);
        threads.runAll();
        assertEquals(List.of(2), sent());
        assertEquals(ErrorCode.CORRUPT_MESSAGE, failure(answers.getFirst()).code());
    }

    @Test
    void one_that_cannot_be_sent_is_answered_and_those_behind_it_are_sent() {
        runtime.onGiven =
                batch -> {
                    if (batch.partition().partition() == 1) {
                        throw new InternalError("no memory");
                    }
                };
        send(1, Compression.GZIP);
        send(2, Compression.NONE);
        threads.runAll();
        assertEquals(List.of(2), sent());
        assertEquals(1, answers.size());
        Failure failure = failure(answers.getFirst());
        assertEquals(ErrorCode.UNKNOWN_SERVER_ERROR, failure.code());
        assertEquals(Fate.MAY_HAVE_BEEN_WRITTEN, failure.fate());
    }
}
