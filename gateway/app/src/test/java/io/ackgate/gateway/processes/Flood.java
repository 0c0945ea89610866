package io.ackgate.gateway.processes;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.ByteString;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProduceResponse;
import io.ackgate.v1.ProducerRecord;
import io.ackgate.v1.ProducerServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Callers who write as much as they are let, without regard for what becomes of it: each of them
 * has one large record under way, and sends the next one when that is answered.
 */
final class Flood implements AutoCloseable {
    private static final long DEADLINE_SECONDS = 60;
    private static final long AFTER_REFUSAL_MILLIS = 50;

    private final ProducerServiceGrpc.ProducerServiceFutureStub stub;
    private final ByteString value;
    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger throttled = new AtomicInteger();
    private volatile boolean closed;

    /**
     * Starts the callers.
     *
     * @param callers of every partition
     */
    Flood(ManagedChannel channel, List<Place> places, int callers, int bytes) {
        stub = ProducerServiceGrpc.newFutureStub(channel);
        value = ByteString.copyFrom(new byte[bytes]);
        for (int caller = 0; caller < callers; caller++) {
            places.forEach(this::send);
        }
    }

    private void send(Place place) {
        if (closed) {
            return;
        }
        Futures.addCallback(
                stub.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                        .produce(
                                ProduceRequest.newBuilder()
                                        .setTopic(place.topic())
                                        .setPartition(place.partition())
                                        .addRecords(ProducerRecord.newBuilder().setValue(value))
                                        .build()),
                new FutureCallback<ProduceResponse>() {
                    @Override
                    public void onSuccess(ProduceResponse answer) {
                        acknowledged.incrementAndGet();
                        send(place);
                    }

                    @Override
                    public void onFailure(Throwable why) {
                        if (Status.fromThrowable(why).getCode() == Status.Code.RESOURCE_EXHAUSTED) {
                            throttled.incrementAndGet();
                        }
                        sendLater(place);
                    }
                },
                MoreExecutors.directExecutor());
    }

    private synchronized void sendLater(Place place) {
        if (!closed) {
            var _ = later.schedule(() -> send(place), AFTER_REFUSAL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Records that were acknowledged. */
    int acknowledged() {
        return acknowledged.get();
    }

    /** Records that were refused because too much is under way. */
    int throttled() {
        return throttled.get();
    }

    @Override
    public synchronized void close() {
        closed = true;
        later.shutdownNow();
    }
}
