package io.ackgate.gateway.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.v1.ProduceStreamRequest;
import io.ackgate.v1.ProduceStreamResponse;
import io.ackgate.v1.ProducerServiceGrpc;
import io.ackgate.v1.Receipt;
import io.ackgate.v1.RequestError;
import io.ackgate.v1.WriteStatus;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Idempotent producers with acks=all, one per partition, on one stream. Whatever is answered
 * wrongly is kept in the history.
 */
final class NumberedLoad implements AutoCloseable {
    private static final Duration TURN = Duration.ofMillis(10);
    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final long turnNanos;
    private final History history = new History();
    private final List<Lane> lanes = new ArrayList<>();
    private final AtomicReference<@Nullable Strike> strike = new AtomicReference<>();
    private final Map<String, Integer> refusals = new HashMap<>();
    private GatewayAccess gateway;
    private @Nullable Connection connection;
    private boolean more = true;
    private long acknowledged;
    private long duplicates;
    private long unanswered;
    private long lastAcknowledgedNanos;
    private long longestPauseNanos;
    private volatile boolean closed;

    /** Something to be done while batches are under way. */
    private record Strike(Runnable blow, CompletableFuture<@Nullable Void> done) {}

    /** Starts a producer for each partition. */
    NumberedLoad(GatewayAccess gateway, List<Place> places) {
        this(gateway, places, TURN);
    }

    /**
     * Starts a producer for each partition.
     *
     * @param turn how long each of them waits before it sends what it may have under way
     */
    NumberedLoad(GatewayAccess gateway, List<Place> places, Duration turn) {
        this.gateway = gateway;
        this.turnNanos = turn.toNanos();
        for (Place place : places) {
            lanes.add(new Lane(place, gateway.newProducer()));
        }
        lastAcknowledgedNanos = System.nanoTime();
        synchronized (this) {
            connection = new Connection(gateway);
        }
        Thread.ofPlatform().daemon().name("load").start(this::run);
    }

    private void run() {
        while (!closed) {
            long before = acknowledged();
            turn();
            Strike now = strike.getAndSet(null);
            if (now != null) {
                // Some are acknowledged, some are written, some are on their way.
                await("the first is acknowledged", () -> acknowledged() > before);
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(300_000));
                now.blow().run();
                now.done().complete(null);
            }
            LockSupport.parkNanos(turnNanos);
        }
    }

    private synchronized void turn() {
        Connection open = connection;
        if (open == null) {
            return;
        }
        for (int i = 0; i < lanes.size(); i++) {
            for (Batch batch : lanes.get(i).send(more)) {
                open.requests.onNext(
                        ProduceStreamRequest.newBuilder()
                                .setCorrelationId(correlationId(i, batch.sequence()))
                                .setProduce(batch.request())
                                .build());
            }
        }
    }

    private static long correlationId(int lane, int sequence) {
        return ((long) lane << Integer.SIZE) | sequence;
    }

    /**
     * Does something once the first of the batches that were just sent to every partition is
     * acknowledged, and waits until it is done.
     */
    void strike(Runnable blow) {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        strike.set(new Strike(blow, done));
        done.orTimeout(PATIENCE_NANOS, TimeUnit.NANOSECONDS).join();
    }

    /** One stream of requests; answers of streams that were lost do not count. */
    private final class Connection implements StreamObserver<ProduceStreamResponse> {
        private final StreamObserver<ProduceStreamRequest> requests;

        private Connection(GatewayAccess gateway) {
            requests = ProducerServiceGrpc.newStub(gateway.channel()).produceStream(this);
        }

        @Override
        public void onNext(ProduceStreamResponse answer) {
            answered(this, answer);
        }

        @Override
        public void onError(Throwable why) {
            lost(this);
        }

        @Override
        public void onCompleted() {
            lost(this);
        }
    }

    private synchronized void lost(Connection which) {
        if (which == connection) {
            connection = null;
            lanes.forEach(lane -> unanswered += lane.connectionLost());
        }
    }

    private synchronized void answered(Connection from, ProduceStreamResponse answer) {
        if (from != connection) {
            return;
        }
        Lane lane = lanes.get((int) (answer.getCorrelationId() >>> Integer.SIZE));
        Batch batch = lane.answered();
        if (batch == null || batch.sequence() != (int) answer.getCorrelationId()) {
            history.wrong("%s was expected to be answered, not %s".formatted(batch, answer));
        } else if (answer.hasError()) {
            refused(lane, batch, answer.getError());
        } else {
            acknowledged(batch, answer);
        }
    }

    private void acknowledged(Batch batch, ProduceStreamResponse answer) {
        Receipt receipt = answer.getReceipts(0);
        boolean right =
                answer.getReceiptsCount() == 1
                        && receipt.getTopic().equals(batch.place().topic())
                        && receipt.getPartition() == batch.place().partition()
                        && receipt.hasBaseOffset()
                        && receipt.getRecordCount() == Batch.RECORDS
                        // A retry is told of replicas and ISR as the leader knows them now; its
                        // batch was committed before.
                        && (receipt.getDuplicate()
                                || (receipt.getIsrSize() >= 2
                                        && receipt.getReplicasCount() >= receipt.getIsrSize()))
                        && (batch.attempts() > 1 || !receipt.getDuplicate());
        if (!right) {
            history.wrong("%s was answered with %s".formatted(batch, answer));
            return;
        }
        history.acknowledged(
                batch.place(), receipt.getBaseOffset(), batch.firstNumber(), Batch.RECORDS);
        acknowledged++;
        duplicates += receipt.getDuplicate() ? 1 : 0;
        long now = System.nanoTime();
        longestPauseNanos = Math.max(longestPauseNanos, now - lastAcknowledgedNanos);
        lastAcknowledgedNanos = now;
    }

    private void refused(Lane lane, Batch batch, RequestError error) {
        refusals.merge(error.getCode(), 1, Integer::sum);
        boolean behindAnother =
                error.getCode().equals("OUT_OF_ORDER_SEQUENCE_NUMBER") && lane.hasFailed();
        if (!error.getRetriable() && !behindAnother) {
            history.wrong("%s was refused: %s".formatted(batch, error));
        }
        if (error.getWriteStatus() == WriteStatus.WRITE_STATUS_UNSPECIFIED) {
            history.wrong("%s has a write status that no refusal has: %s".formatted(batch, error));
        }
        lane.failed(batch);
    }

    /**
     * Goes on at a gateway after the connection was lost, if everything acknowledged is there. What
     * had no answer is sent again with its sequences, except in partitions with an odd number:
     * there it stays as it is, and a new producer goes on.
     */
    void goOn(GatewayAccess next) {
        await("the connection is lost", () -> connection() == null);
        verify(next);
        for (Lane lane : lanes) {
            if (lane.place().partition() % 2 == 1) {
                lane.goOnAs(next.newProducer());
            }
        }
        synchronized (this) {
            gateway = next;
            connection = new Connection(next);
            lastAcknowledgedNanos = System.nanoTime();
        }
    }

    private synchronized @Nullable Connection connection() {
        return connection;
    }

    private synchronized long acknowledged() {
        return acknowledged;
    }

    /** Waits for so many batches to be acknowledged from now on. */
    void awaitMore(int batches) {
        long enough = acknowledged() + batches;
        await(batches + " more batches are acknowledged", () -> acknowledged() >= enough);
    }

    private void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()
                && history.wrong().isEmpty()
                && System.nanoTime() - start < PATIENCE_NANOS) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        if (!condition.getAsBoolean() || !history.wrong().isEmpty()) {
            throw new AssertionError(
                    "waited until %s: %s; wrong: %s".formatted(what, this, history.wrong()));
        }
    }

    /** Sends nothing new, waits until all is acknowledged, reads everything back. */
    void finish() {
        synchronized (this) {
            more = false;
        }
        await("all is acknowledged", this::isQuiet);
        verify(gateway());
    }

    private synchronized boolean isQuiet() {
        return lanes.stream().allMatch(Lane::isQuiet);
    }

    /** Holds what a gateway has against what was acknowledged. */
    void verify(GatewayAccess reader) {
        assertEquals(List.of(), history.wrong());
        for (Lane lane : lanes) {
            history.verify(lane.place(), lane.nextNumber(), reader.read(lane.place()));
        }
    }

    private synchronized GatewayAccess gateway() {
        return gateway;
    }

    /** How often batches were refused, by the error's name. */
    synchronized Map<String, Integer> refusals() {
        return Map.copyOf(refusals);
    }

    /** Batches that had no answer when a connection was lost. */
    synchronized long unanswered() {
        return unanswered;
    }

    /** The longest time without an acknowledgement while there was a gateway. */
    synchronized long longestPauseMillis() {
        return TimeUnit.NANOSECONDS.toMillis(longestPauseNanos);
    }

    @Override
    public synchronized String toString() {
        return "%d batches acknowledged, %d of them duplicates, %d lost their answer, refused %s, longest pause %d ms"
                .formatted(acknowledged, duplicates, unanswered, refusals, longestPauseMillis());
    }

    @Override
    public void close() {
        closed = true;
    }
}
