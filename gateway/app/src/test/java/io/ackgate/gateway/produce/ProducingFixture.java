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
import io.ackgate.gateway.runtime.Cancellable;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.record.Compression;
import io.ackgate.v1.ProduceRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A door for records whose clock, and whose opening of batches, goes on when the test says so. */
public abstract class ProducingFixture {
    static final long MAX_WAITING_BYTES = 1 << 20;

    protected final KnownTopics topics = new KnownTopics();
    protected final Topic events = topics.add("events", 6, Map.of());
    protected final Topic others = topics.add("others", 6, Map.of());
    final ProduceOnly runtime = new ProduceOnly();
    final LaterThreads threads = new LaterThreads();
    final List<ProduceAnswer> answers = new ArrayList<>();
    long nowNanos;
    final WaitingRequests waiting = new WaitingRequests(MAX_WAITING_BYTES, () -> nowNanos);
    final Opening opening = new Opening(threads, waiting);
    protected final Producing producing =
            new Producing(
                    topics,
                    runtime,
                    partition -> true,
                    Duration.ofSeconds(30),
                    opening,
                    new Uncounted(),
                    InstantSource.system(),
                    () -> nowNanos);
    final SendQueue queue = new SendQueue(Runnable::run);

    private record Uncounted() implements ProduceMeter {
        @Override
        public void acknowledged(Topic topic, Acks acks, int records, int bytes, long nanos) {}

        @Override
        public void failed(ErrorCode code) {}
    }

    protected static ProduceRequest.Builder request(int partition, ByteString batch) {
        return ProduceRequest.newBuilder()
                .setTopic("events")
                .setPartition(partition)
                .setRecordBatch(batch);
    }

    protected static ProduceRequest.Builder request(int partition, Compression compression) {
        return request(partition, CompressedBatch.of(compression, "v"));
    }

    static ByteString garbage() {
        ByteString plain = CompressedBatch.of(Compression.NONE, "v");
        return CompressedBatch.withRecords(
                Compression.ZSTD, plain.asReadOnlyByteBuffer(), new byte[] {'z', 'z'});
    }

    Producing.TakenRequest take(ProduceRequest.Builder request) {
        return producing.take(Caller.ANONYMOUS, ProduceMessages.command(request.build()));
    }

    /** Sends it in the stream. */
    Cancellable send(ProduceRequest.Builder request) {
        return queue.send(take(request), answers::add);
    }

    Cancellable send(int partition, Compression compression) {
        return send(request(partition, compression));
    }

    /** Opens all that waits for it. */
    protected void openAll() {
        threads.runAll();
    }

    /** Has whatever is given to one partition fail. */
    protected void failPartition(int partition) {
        runtime.onGiven =
                batch -> {
                    if (batch.partition().partition() == partition) {
                        throw new InternalError("no memory");
                    }
                };
    }

    void pass(long millis) {
        nowNanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** The partitions to which batches were given, in that order. */
    protected List<Integer> sent() {
        return runtime.given.stream().map(batch -> batch.partition().partition()).toList();
    }

    static Failure failure(ProduceAnswer answer) {
        Failure failure = answer.failure();
        assertNotNull(failure);
        return failure;
    }

    static void assertRefused(ErrorCode code, ProduceAnswer answer) {
        assertEquals(code, failure(answer).code(), failure(answer).detail());
        assertEquals(WriteStatus.NOT_WRITTEN, failure(answer).writeStatus());
    }

    /** Of what waits for a batch to be opened. */
    protected long waitingBytes() {
        return opening.waitingBytes();
    }

    /** Nothing waits, and all memory was given back. */
    void assertNothingWaits() {
        assertEquals(0, waiting.bytes());
        assertEquals(0, opening.bytes());
    }
}
