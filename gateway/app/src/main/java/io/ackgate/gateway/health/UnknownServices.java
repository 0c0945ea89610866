package io.ackgate.gateway.health;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.inject.Singleton;

/**
 * Ends a health check of a service that is not there with NOT_FOUND, as grpc.health.v1 wants it;
 * the framework answers it with OK and no status.
 */
@Singleton
@GlobalInterceptor
public class UnknownServices implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (!call.getMethodDescriptor()
                .getFullMethodName()
                .equals(HealthGrpc.getCheckMethod().getFullMethodName())) {
            return next.startCall(call, headers);
        }
        return next.startCall(
                new SimpleForwardingServerCall<>(call) {
                    private boolean ended;

                    @Override
                    public void sendMessage(A answer) {
                        if (answer instanceof HealthCheckResponse health
                                && health.getStatus() == ServingStatus.UNKNOWN) {
                            ended = true;
                            super.close(
                                    Status.NOT_FOUND.withDescription(
                                            "there is no such service here"),
                                    new Metadata());
                            return;
                        }
                        super.sendMessage(answer);
                    }

                    @Override
                    public void close(Status status, Metadata trailers) {
                        if (!ended) {
                            super.close(status, trailers);
                        }
                    }
                },
                headers);
    }
}
