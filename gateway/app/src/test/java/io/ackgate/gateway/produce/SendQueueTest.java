package io.ackgate.gateway.produce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.google.protobuf.ByteString;
import io.ackgate.gateway.CompressedBatch;
import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.grpc.ProduceMessages;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.record.Compression;
import io.ackgate.v1.ProduceRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream's requests keep their order and all of them are answered or sent. */
class SendQueueTest {
    private final KnownTopics topics = new KnownTopics();
    private final ProduceOnly runtime = new ProduceOnly();
    private final LaterThreads threads = new LaterThreads();
    private final List<ProduceAnswer> answers = new ArrayList<>();
    private long nowNanos;
    private final Producing producing =
            new Producing(
                    topics,
                    runtime,
                    partition -> true,
                    Duration.ofSeconds(30),
                    new Opening(threads),
                    new Uncounted(),
                    InstantSource.system(),
                    () -> nowNanos);
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
        queue.send(take(request(partition, batch)), answers::add);
    }

    private Producing.TakenRequest take(ProduceRequest.Builder request) {
        return producing.take(Caller.ANONYMOUS, ProduceMessages.command(request.build()));
    }

    private static ProduceRequest.Builder request(int partition, ByteString batch) {
        return ProduceRequest.newBuilder()
                .setTopic("events")
                .setPartition(partition)
                .setRecordBatch(batch);
    }

    private void sendWithin(int timeoutMillis, int partition, Compression compression) {
        ProduceRequest.Builder request =
                request(partition, CompressedBatch.of(compression, "v"))
                        .setTimeoutMs(timeoutMillis);
        queue.send(take(request), answers::add);
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
        assertEquals(WriteStatus.MAY_HAVE_BEEN_WRITTEN, failure.writeStatus());
    }

    @Test
    void the_timeout_runs_while_a_batch_waits_to_be_opened() {
        sendWithin(100, 1, Compression.LZ4);
        sendWithin(100, 2, Compression.NONE);
        nowNanos = TimeUnit.MILLISECONDS.toNanos(30);
        threads.runAll();
        assertEquals(
                List.of(70L, 70L),
                runtime.given.stream()
                        .map(batch -> TimeUnit.NANOSECONDS.toMillis(batch.timeoutNanos()))
                        .toList());
    }

    @Test
    void what_waits_for_longer_than_its_timeout_is_refused_and_not_opened() {
        ByteString plain = CompressedBatch.of(Compression.NONE, "v");
        ByteString garbage =
                CompressedBatch.withRecords(
                        Compression.GZIP, plain.asReadOnlyByteBuffer(), new byte[] {'z', 'z'});
        queue.send(take(request(1, garbage).setTimeoutMs(100)), answers::add);
        sendWithin(100, 2, Compression.NONE);
        sendWithin(101, 3, Compression.NONE);
        sendWithin(0, 4, Compression.GZIP);
        nowNanos = TimeUnit.MILLISECONDS.toNanos(100);
        threads.runAll();
        assertEquals(List.of(3, 4), sent());
        assertEquals(2, answers.size());
        for (ProduceAnswer answer : answers) {
            assertEquals(ErrorCode.REQUEST_TIMED_OUT, failure(answer).code());
            assertEquals(WriteStatus.NOT_WRITTEN, failure(answer).writeStatus());
        }
    }
}
