package io.ackgate.client.producer;

import com.google.protobuf.UnsafeByteOperations;
import io.ackgate.client.ProducerConfig;
import io.ackgate.client.ProducerMetrics;
import io.ackgate.client.RecordMetadata;
import io.ackgate.client.wire.Backoff;
import io.ackgate.client.wire.GatewayError;
import io.ackgate.client.wire.Gateways;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProduceStreamRequest;
import io.ackgate.v1.ProduceStreamResponse;
import io.ackgate.v1.ProducerServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The stream of batches to one gateway. It puts attempts on the wire, matches answers with them,
 * and opens itself again, after a while, when it breaks. Everything runs on the sender's loop; what
 * gRPC's threads bring is handed over there.
 */
final class ProduceConnection {
    /** Bytes that gRPC may hold before the socket takes them; below it more batches are sent. */
    private static final int ON_READY_THRESHOLD_BYTES = 1 << 20;

    /** Answers gRPC may deliver before it is asked for more. */
    private static final int ANSWERS_AHEAD = 1024;

    /** What the answer itself may take beyond the request timeout that the gateway keeps. */
    private static final Duration MOST_GRACE = Duration.ofSeconds(5);

    private final Gateways gateways;
    private final Sender sender;
    private final Backoff backoff;
    private final ProducerMetrics metrics;
    private final io.ackgate.v1.Acks acks;
    private final long requestTimeoutNanos;
    private final long patienceNanos;

    /** By correlation id, oldest first. Bounded by the windows of all partitions. */
    private final SequencedMap<Long, Attempt> unanswered = new LinkedHashMap<>();

    /** Lanes that have something to send and wait for the stream to take it. */
    private final List<PartitionLane> waiting = new ArrayList<>();

    private @Nullable ClientCall<ProduceStreamRequest, ProduceStreamResponse> call;
    private @Nullable ManagedChannel channel;
    private boolean reopening;
    private boolean patienceIsWatched;
    private boolean closed;
    private long nextCorrelationId = 1;
    private int failuresInARow;
    private @Nullable String lastFailure;

    private record Attempt(
            PartitionLane lane,
            ProducerBatch batch,
            ProducerMetrics.Attempt metered,
            long sentAtNanos) {}

    ProduceConnection(
            Gateways gateways,
            Sender sender,
            ProducerConfig config,
            Backoff backoff,
            ProducerMetrics metrics) {
        this.metrics = metrics;
        this.gateways = gateways;
        this.sender = sender;
        this.backoff = backoff;
        this.acks =
                switch (config.acks()) {
                    case NONE -> io.ackgate.v1.Acks.ACKS_NONE;
                    case LEADER -> io.ackgate.v1.Acks.ACKS_LEADER;
                    case ALL -> io.ackgate.v1.Acks.ACKS_ALL;
                };
        Duration timeout = config.requestTimeout();
        Duration grace = timeout.compareTo(MOST_GRACE) < 0 ? timeout : MOST_GRACE;
        this.requestTimeoutNanos = timeout.toNanos();
        this.patienceNanos = timeout.plus(grace).toNanos();
    }

    /** Whether a batch would go out rather than pile up. Opens the stream if there is none. */
    boolean isReady() {
        if (call == null && !reopening && !closed) {
            open();
        }
        return call != null && call.isReady();
    }

    /** Touches the lane again once the stream takes batches. */
    void tellWhenReady(PartitionLane lane) {
        waiting.add(lane);
    }

    /** Why the last stream broke, if none has worked since. */
    @Nullable String lastFailure() {
        return lastFailure;
    }

    private void open() {
        ManagedChannel to = gateways.channel();
        ClientCall<ProduceStreamRequest, ProduceStreamResponse> opening =
                to.newCall(
                        ProducerServiceGrpc.getProduceStreamMethod(),
                        CallOptions.DEFAULT.withOnReadyThreshold(ON_READY_THRESHOLD_BYTES));
        call = opening;
        channel = to;
        opening.start(new Answers(opening), new Metadata());
        opening.request(ANSWERS_AHEAD);
    }

    /** Puts one attempt on the wire. */
    void send(PartitionLane lane, ProducerBatch batch, long nowNanos, long deadlineNanos) {
        if (call == null) {
            throw new IllegalStateException("no stream is open");
        }
        long id = nextCorrelationId++;
        ProducerMetrics.Attempt metered =
                new ProducerMetrics.Attempt(
                        batch.partition().topic(),
                        batch.partition().partition(),
                        batch.recordCount(),
                        batch.bytes().remaining(),
                        batch.attempts);
        unanswered.put(id, new Attempt(lane, batch, metered, nowNanos));
        watchPatience(nowNanos + patienceNanos);
        call.sendMessage(
                request(id, batch, Math.min(requestTimeoutNanos, deadlineNanos - nowNanos)));
        metrics.onSent(metered, unanswered.size());
    }

    private ProduceStreamRequest request(long id, ProducerBatch batch, long timeoutNanos) {
        var bytes = batch.bytes();
        ProduceRequest.Builder produce =
                ProduceRequest.newBuilder()
                        .setTopic(batch.partition().topic())
                        .setPartition(batch.partition().partition())
                        .setAcks(acks)
                        .setTimeoutMs((int) Math.max(1, timeoutNanos / 1_000_000))
                        .setRecordBatch(
                                UnsafeByteOperations.unsafeWrap(
                                        bytes.array(),
                                        bytes.arrayOffset() + bytes.position(),
                                        bytes.remaining()));
        return ProduceStreamRequest.newBuilder().setCorrelationId(id).setProduce(produce).build();
    }

    private void answered(
            ClientCall<ProduceStreamRequest, ProduceStreamResponse> from,
            ProduceStreamResponse answer) {
        if (!from.equals(call)) {
            return;
        }
        from.request(1);
        failuresInARow = 0;
        lastFailure = null;
        Attempt attempt = unanswered.remove(answer.getCorrelationId());
        if (attempt == null) {
            broken(from, "the gateway answered a request that was never sent");
            from.cancel("answer to no request", null);
            return;
        }
        if (answer.hasError()) {
            meter(attempt, answer.getError().getCode(), unanswered.size());
            attempt.lane.failed(attempt.batch, GatewayError.of(answer.getError()));
        } else {
            meter(attempt, null, unanswered.size());
            attempt.lane.acknowledged(attempt.batch, receipt(answer));
        }
    }

    private void meter(Attempt attempt, @Nullable String error, int inFlight) {
        metrics.onAnswered(
                attempt.metered, error, sender.nowNanos() - attempt.sentAtNanos, inFlight);
    }

    private static Receipt receipt(ProduceStreamResponse answer) {
        if (answer.getReceiptsCount() == 0) {
            return new Receipt(RecordMetadata.NO_OFFSET, 0, false);
        }
        io.ackgate.v1.Receipt first = answer.getReceipts(0);
        return new Receipt(
                first.hasBaseOffset() ? first.getBaseOffset() : RecordMetadata.NO_OFFSET,
                first.getLeaderEpoch(),
                first.getDuplicate());
    }

    private void becameReady() {
        List<PartitionLane> told = List.copyOf(waiting);
        waiting.clear();
        told.forEach(PartitionLane::connectionIsReady);
    }

    private void watchPatience(long atNanos) {
        if (!patienceIsWatched) {
            patienceIsWatched = true;
            sender.schedule(atNanos, this::losePatience);
        }
    }

    /**
     * An answer that does not come is no answer: only a retry shows what became of the attempts.
     */
    private void losePatience() {
        patienceIsWatched = false;
        if (unanswered.isEmpty() || call == null) {
            return;
        }
        long oldest = unanswered.values().iterator().next().sentAtNanos;
        if (oldest + patienceNanos <= sender.nowNanos()) {
            var silent = call;
            broken(silent, "no answer within request.timeout.ms and some grace");
            silent.cancel("no answer in time", null);
        } else {
            watchPatience(oldest + patienceNanos);
        }
    }

    private void broken(ClientCall<ProduceStreamRequest, ProduceStreamResponse> from, String why) {
        if (!from.equals(call)) {
            return;
        }
        call = null;
        lastFailure = "the connection to " + gateways.endpoint() + " ended with " + why;
        if (channel != null) {
            gateways.failed(channel);
        }
        if (!closed) {
            reopening = true;
            failuresInARow++;
            sender.schedule(sender.nowNanos() + backoff.nanosAfter(failuresInARow), this::reopen);
        }
        GatewayError error = GatewayError.brokenConnection(lastFailure);
        // One by one, since a callback may close the producer: the rest is left to that.
        while (!unanswered.isEmpty()) {
            Attempt attempt = unanswered.pollFirstEntry().getValue();
            meter(attempt, error.code(), unanswered.size());
            attempt.lane.failed(attempt.batch, error);
        }
    }

    private void reopen() {
        reopening = false;
        if (!closed && call == null) {
            open();
        }
    }

    /**
     * Sends no more; what is unanswered stays unknown. The batches have ended, and the memory of
     * those on the wire is given back.
     */
    void close() {
        closed = true;
        var last = call;
        call = null;
        if (last != null) {
            last.cancel("the producer is closed", null);
        }
        while (!unanswered.isEmpty()) {
            Attempt attempt = unanswered.pollFirstEntry().getValue();
            meter(attempt, "PRODUCER_CLOSED", unanswered.size());
            sender.memory().give(attempt.batch.reservedBytes());
        }
    }

    /** Passes gRPC's calls on to the sender's thread. */
    private final class Answers extends ClientCall.Listener<ProduceStreamResponse> {
        private final ClientCall<ProduceStreamRequest, ProduceStreamResponse> from;

        Answers(ClientCall<ProduceStreamRequest, ProduceStreamResponse> from) {
            this.from = from;
        }

        @Override
        public void onMessage(ProduceStreamResponse answer) {
            sender.post(() -> answered(from, answer));
        }

        @Override
        public void onReady() {
            sender.post(ProduceConnection.this::becameReady);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            sender.post(() -> broken(from, GatewayError.describe(status)));
        }
    }
}
