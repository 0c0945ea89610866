package io.ackgate.gateway.processes;

import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProduceStreamRequest;
import io.ackgate.v1.ProduceStreamResponse;
import io.ackgate.v1.ProducerServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** One stream that writes numbered records to a partition until it is ended from the other side. */
final class DrainedStream {
    private final Place place;
    private final long firstNumber;
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final Map<Long, Long> numberByOffset = new ConcurrentSkipListMap<>();
    private final List<String> refusals = new CopyOnWriteArrayList<>();
    private final StreamObserver<ProduceStreamRequest> requests;
    private long nextNumber;
    private volatile long lastNanos;
    private volatile long longestGapNanos;

    DrainedStream(ManagedChannel channel, Place place, long firstNumber) {
        this.place = place;
        this.firstNumber = firstNumber;
        this.nextNumber = firstNumber;
        this.requests =
                ProducerServiceGrpc.newStub(channel)
                        .produceStream(new DrainClients.Ended<>(ended, this::answered));
    }

    /** Sends the next record, unless the stream has ended. */
    void send() {
        if (ended.isDone()) {
            return;
        }
        long number = nextNumber++;
        try {
            requests.onNext(
                    ProduceStreamRequest.newBuilder()
                            .setCorrelationId(number)
                            .setProduce(
                                    ProduceRequest.newBuilder()
                                            .setTopic(place.topic())
                                            .setPartition(place.partition())
                                            .addRecords(Quakes.record(number)))
                            .build());
        } catch (IllegalStateException endedJustNow) {
            // It is not known here yet; what was sent last has no answer.
            assert endedJustNow != null;
        }
    }

    private void answered(ProduceStreamResponse answer) {
        long now = System.nanoTime();
        if (answer.hasError()) {
            refusals.add(answer.getError().getCode() + " " + answer.getError().getWriteStatus());
            return;
        }
        numberByOffset.put(answer.getReceipts(0).getBaseOffset(), answer.getCorrelationId());
        if (lastNanos != 0) {
            longestGapNanos = Math.max(longestGapNanos, now - lastNanos);
        }
        lastNanos = now;
    }

    Place place() {
        return place;
    }

    CompletableFuture<String> ended() {
        return ended;
    }

    /** Numbers by the offsets that they were acknowledged at. */
    Map<Long, Long> acknowledged() {
        return new TreeMap<>(numberByOffset);
    }

    /** Errors that were answered within the stream. */
    List<String> refusals() {
        return refusals;
    }

    long firstNumber() {
        return firstNumber;
    }

    /** When the last acknowledgement came, as {@link System#nanoTime}. */
    long lastNanos() {
        return lastNanos;
    }

    /** The longest time between two acknowledgements. */
    long longestGapMillis() {
        return TimeUnit.NANOSECONDS.toMillis(longestGapNanos);
    }
}
