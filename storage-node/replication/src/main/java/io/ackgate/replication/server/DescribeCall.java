package io.ackgate.replication.server;

import io.ackgate.storage.v1.DescribeRequest;
import io.ackgate.storage.v1.DescribeResponse;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Tells what the node is and holds, without making its connections wait. */
public final class DescribeCall {
    private final Supplier<CompletionStage<DescribeResponse>> source;

    public DescribeCall(Supplier<CompletionStage<DescribeResponse>> source) {
        this.source = source;
    }

    ServerCallHandler<DescribeRequest, DescribeResponse> handler() {
        return ServerCalls.asyncUnaryCall((_, observer) -> answer(observer));
    }

    private void answer(StreamObserver<DescribeResponse> observer) {
        var _ =
                source.get()
                        .whenComplete(
                                (response, failure) -> {
                                    if (failure == null) {
                                        observer.onNext(response);
                                        observer.onCompleted();
                                    } else {
                                        observer.onError(
                                                Status.UNAVAILABLE
                                                        .withDescription(failure.getMessage())
                                                        .withCause(failure)
                                                        .asRuntimeException());
                                    }
                                });
    }
}
