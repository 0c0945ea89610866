package io.ackgate.gateway;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import io.restassured.RestAssured;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks the gateway under test for its services, as grpcurl does. */
public final class Reflection {
    private Reflection() {}

    /** What it answers, as text; the code of the status if it does not. */
    public static String listServices() throws Exception {
        ManagedChannel channel =
                ManagedChannelBuilder.forAddress("127.0.0.1", RestAssured.port)
                        .usePlaintext()
                        .build();
        try {
            CompletableFuture<String> answer = new CompletableFuture<>();
            StreamObserver<ServerReflectionRequest> asked =
                    ServerReflectionGrpc.newStub(channel).serverReflectionInfo(new First(answer));
            asked.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
            return answer.get(30, TimeUnit.SECONDS);
        } finally {
            channel.shutdownNow();
        }
    }

    private record First(CompletableFuture<String> answer)
            implements StreamObserver<ServerReflectionResponse> {
        @Override
        public void onNext(ServerReflectionResponse value) {
            answer.complete(value.toString());
        }

        @Override
        public void onError(Throwable failure) {
            answer.complete(Status.fromThrowable(failure).getCode().name());
        }

        @Override
        public void onCompleted() {
            answer.complete("OK");
        }
    }
}
