package io.ackgate.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.v1.ProduceStreamRequest;
import io.ackgate.v1.ProduceStreamResponse;
import io.ackgate.v1.ProducerServiceGrpc;
import io.ackgate.v1.Receipt;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is said of repetitions, against a gateway that answers when the test says so. */
@Timeout(30)
class RepeatedBatchesTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final RepeatedBatches repetitions = new RepeatedBatches();
    private final BlockingQueue<Long> requested = new LinkedBlockingQueue<>();
    private final BlockingQueue<ProduceStreamResponse> answered = new LinkedBlockingQueue<>();
    private final CompletableFuture<StreamObserver<ProduceStreamResponse>> answers =
            new CompletableFuture<>();
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        String name = InProcessServerBuilder.generateName();
        server =
                InProcessServerBuilder.forName(name)
                        .directExecutor()
                        .addService(new Held())
                        .build()
                        .start();
        channel =
                InProcessChannelBuilder.forName(name)
                        .directExecutor()
                        .intercept(repetitions)
                        .build();
    }

    @AfterEach
    void end() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    private final class Held extends ProducerServiceGrpc.ProducerServiceImplBase {
        @Override
        public StreamObserver<ProduceStreamRequest> produceStream(
                StreamObserver<ProduceStreamResponse> toCaller) {
            answers.complete(toCaller);
            return new Collected<>(request -> requested.add(request.getCorrelationId()));
        }
    }

    private record Collected<T>(java.util.function.Consumer<T> each) implements StreamObserver<T> {
        @Override
        public void onNext(T message) {
            each.accept(message);
        }

        @Override
        public void onError(Throwable why) {}

        @Override
        public void onCompleted() {}
    }

    private long sendOne() throws InterruptedException {
        ProducerServiceGrpc.newStub(channel)
                .produceStream(new Collected<>(answered::add))
                .onNext(ProduceStreamRequest.newBuilder().setCorrelationId(1).build());
        assertEquals(1L, requested.take());
        return requested.take();
    }

    private void answer(long correlationId, boolean duplicate) {
        answers.join()
                .onNext(
                        ProduceStreamResponse.newBuilder()
                                .setCorrelationId(correlationId)
                                .addReceipts(
                                        Receipt.newBuilder()
                                                .setBaseOffset(7)
                                                .setDuplicate(duplicate))
                                .build());
    }

    private Thread startWaiting() throws InterruptedException {
        Thread waiting = Thread.ofPlatform().start(() -> repetitions.awaitAnswers(LONG));
        while (waiting.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return waiting;
    }

    @Test
    void the_last_repetition_is_waited_for() throws Exception {
        long repetition = sendOne();
        answer(1, false);
        assertEquals(1, answered.take().getCorrelationId());
        Thread waiting = startWaiting();

        answer(repetition, true);
        waiting.join();
        assertEquals(1, repetitions.repeated());
        assertEquals(1, repetitions.recognised());
    }

    @Test
    void a_repetition_whose_stream_has_ended_is_not_waited_for() throws Exception {
        sendOne();
        Thread waiting = startWaiting();

        answers.join().onCompleted();
        waiting.join();
        assertEquals(0, repetitions.recognised());
    }

    @Test
    void without_an_answer_it_waits_no_longer_than_it_may() throws Exception {
        sendOne();
        repetitions.awaitAnswers(Duration.ofMillis(1));
        assertEquals(0, repetitions.recognised());
    }
}
