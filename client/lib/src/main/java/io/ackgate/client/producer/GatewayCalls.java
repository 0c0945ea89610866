package io.ackgate.client.producer;

import io.ackgate.client.wire.GatewayError;
import io.ackgate.client.wire.Gateways;
import io.ackgate.v1.ClusterServiceGrpc;
import io.ackgate.v1.DescribeTopicRequest;
import io.ackgate.v1.DescribeTopicResponse;
import io.ackgate.v1.InitProducerRequest;
import io.ackgate.v1.InitProducerResponse;
import io.ackgate.v1.ProducerServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The producer's unary calls; their answers arrive on the sender's loop. */
final class GatewayCalls {
    private final Gateways gateways;
    private final Sender sender;
    private final long timeoutNanos;

    GatewayCalls(Gateways gateways, Sender sender, long timeoutNanos) {
        this.gateways = gateways;
        this.sender = sender;
        this.timeoutNanos = timeoutNanos;
    }

    void initProducer(
            InitProducerRequest request,
            Consumer<InitProducerResponse> answered,
            Consumer<GatewayError> failed) {
        call(ProducerServiceGrpc.getInitProducerMethod(), request, answered, failed);
    }

    void describeTopic(
            DescribeTopicRequest request,
            Consumer<DescribeTopicResponse> answered,
            Consumer<GatewayError> failed) {
        call(ClusterServiceGrpc.getDescribeTopicMethod(), request, answered, failed);
    }

    private <Q, A> void call(
            MethodDescriptor<Q, A> method,
            Q request,
            Consumer<A> answered,
            Consumer<GatewayError> failed) {
        CallOptions options =
                CallOptions.DEFAULT.withDeadlineAfter(timeoutNanos, TimeUnit.NANOSECONDS);
        ManagedChannel channel = gateways.channel();
        ClientCalls.asyncUnaryCall(
                channel.newCall(method, options),
                request,
                new StreamObserver<>() {
                    @Override
                    public void onNext(A answer) {
                        sender.post(() -> answered.accept(answer));
                    }

                    @Override
                    public void onError(Throwable thrown) {
                        GatewayError error = GatewayError.of(thrown);
                        if (error.isOfThePath()) {
                            gateways.failed(channel);
                        }
                        sender.post(() -> failed.accept(error));
                    }

                    @Override
                    public void onCompleted() {
                        // The answer was the only thing to come.
                    }
                });
    }
}
