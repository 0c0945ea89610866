package io.ackgate.gateway.grpc;

import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProduceStreamRequest;
import io.ackgate.v1.ProduceStreamResponse;
import io.ackgate.v1.ProducerServiceGrpc;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A stream of produce requests as a test drives it. */
final class ProduceStreamCall {
    private static final int PATIENCE_SECONDS = 30;

    private final BlockingQueue<ProduceStreamResponse> answers = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final StreamObserver<ProduceStreamRequest> requests;

    ProduceStreamCall(Channel channel) {
        requests =
                ProducerServiceGrpc.newStub(channel)
                        .produceStream(
                                new StreamObserver<>() {
                                    @Override
                                    public void onNext(ProduceStreamResponse answer) {
                                        answers.add(answer);
                                    }

                                    @Override
                                    public void onError(Throwable why) {
                                        end.completeExceptionally(why);
                                    }

                                    @Override
                                    public void onCompleted() {
                                        end.complete(null);
                                    }
                                });
    }

    void send(long correlationId, ProduceRequest.Builder produce) {
        requests.onNext(
                ProduceStreamRequest.newBuilder()
                        .setCorrelationId(correlationId)
                        .setProduce(produce)
                        .build());
    }

    /** A request without its content. */
    void sendHollow(long correlationId) {
        requests.onNext(ProduceStreamRequest.newBuilder().setCorrelationId(correlationId).build());
    }

    void endRequests() {
        requests.onCompleted();
    }

    /** The next answer. */
    ProduceStreamResponse answer() throws InterruptedException {
        ProduceStreamResponse answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (answer == null) {
            throw new AssertionError("no answer; the stream " + end);
        }
        return answer;
    }

    List<ProduceStreamResponse> answers(int count) throws InterruptedException {
        List<ProduceStreamResponse> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            all.add(answer());
        }
        return all;
    }

    /** Waits until the gateway has ended the stream. */
    void awaitEnd() throws Exception {
        end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
