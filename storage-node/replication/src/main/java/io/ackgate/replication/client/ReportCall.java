package io.ackgate.replication.client;

import io.ackgate.replication.wire.MalformedMessageException;
import io.ackgate.replication.wire.ReportCodec;
import io.ackgate.storage.api.NodeReport;
import io.ackgate.storage.v1.DescribeResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A node's answer to "what are you, and what do you hold?". */
final class ReportCall implements StreamObserver<DescribeResponse> {
    private final CompletableFuture<NodeReport> result = new CompletableFuture<>();

    CompletionStage<NodeReport> result() {
        return result;
    }

    @Override
    public void onNext(DescribeResponse message) {
        try {
            result.complete(ReportCodec.decode(message));
        } catch (MalformedMessageException e) {
            result.completeExceptionally(e);
        }
    }

    @Override
    public void onError(Throwable failure) {
        result.completeExceptionally(
                new IOException(Connections.describe(Status.fromThrowable(failure)), failure));
    }

    @Override
    public void onCompleted() {
        result.completeExceptionally(new IOException("the node gave no answer"));
    }
}
