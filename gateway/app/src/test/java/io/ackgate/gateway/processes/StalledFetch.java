package io.ackgate.gateway.processes;

import io.ackgate.v1.ConsumerServiceGrpc;
import io.ackgate.v1.FetchRequest;
import io.ackgate.v1.FetchResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A fetch of the largest size whose client takes nothing until it is told to. */
final class StalledFetch {
    private static final int MAX_BYTES = 64 << 20;
    private static final int WAIT_MILLIS = 500;

    private final ClientCall<FetchRequest, FetchResponse> call;
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private volatile @Nullable FetchResponse answer;

    /** Fetches a partition from its beginning. */
    StalledFetch(ManagedChannel channel, Place place) {
        call = channel.newCall(ConsumerServiceGrpc.getFetchMethod(), CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(FetchResponse message) {
                        answer = message;
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        end.complete(status);
                    }
                },
                new Metadata());
        call.sendMessage(
                FetchRequest.newBuilder()
                        .setTopic(place.topic())
                        .setPartition(place.partition())
                        .setMaxBytes(MAX_BYTES)
                        .setMaxWaitMs(WAIT_MILLIS)
                        .build());
        call.halfClose();
    }

    /** Takes the answer. */
    void take() {
        call.request(2);
    }

    /** Whether it has ended, which it does by itself only when it is cut. */
    boolean hasEnded() {
        return end.isDone();
    }

    /** How it ended; waits. */
    Status end() {
        return end.orTimeout(60, java.util.concurrent.TimeUnit.SECONDS).join();
    }

    /** Null before it is taken, and when the call has failed. */
    @Nullable FetchResponse answer() {
        return answer;
    }
}
