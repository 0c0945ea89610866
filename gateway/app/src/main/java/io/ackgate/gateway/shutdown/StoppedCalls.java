package io.ackgate.gateway.shutdown;

import grpc.health.v1.HealthGrpc;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.grpc.GrpcErrors;
import io.ackgate.v1.ProducerServiceGrpc;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GlobalInterceptor;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;

/**
 * Refuses gRPC calls that come when this process takes nothing new any more, and ends those then
 * that would go on for ever: subscriptions, those who watch its health, reflection. Writers see to
 * their own end, because what was taken of them is answered first.
 */
@ApplicationScoped
@GlobalInterceptor
public class StoppedCalls implements ServerInterceptor {
    private final Draining draining;

    StoppedCalls(Draining draining) {
        this.draining = draining;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        MethodDescriptor<Q, A> method = call.getMethodDescriptor();
        boolean writes = ProducerServiceGrpc.SERVICE_NAME.equals(method.getServiceName());
        if (draining.isClosing() && !isHealthCheck(method)) {
            close(
                    call,
                    writes
                            ? Failure.notWritten(
                                    ErrorCode.NOT_LEADER_OR_FOLLOWER, "", Draining.REASON)
                            : stopping());
            return new ServerCall.Listener<>() {};
        }
        Context context = Vertx.currentContext();
        if (writes || method.getType().serverSendsOneMessage() || context == null) {
            return next.startCall(call, headers);
        }
        Endless<Q, A> endless = new Endless<>(call);
        ServerCall.Listener<Q> listener = next.startCall(endless, headers);
        endless.forget =
                draining.onClosing(
                        () -> context.runOnContext(ignored -> endless.end(listener::onCancel)));
        return new SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onCancel() {
                endless.forget.run();
                super.onCancel();
            }
        };
    }

    private static boolean isHealthCheck(MethodDescriptor<?, ?> method) {
        return method.getFullMethodName().equals(HealthGrpc.getCheckMethod().getFullMethodName());
    }

    private static Failure stopping() {
        return Failure.refused(ErrorCode.NOT_LEADER_OR_FOLLOWER, "", Draining.REASON);
    }

    private static void close(ServerCall<?, ?> call, Failure failure) {
        StatusRuntimeException status = GrpcErrors.status(failure);
        call.close(status.getStatus(), Objects.requireNonNull(status.getTrailers()));
    }

    /** A call that its service would not end. Confined to the call's event loop. */
    private static final class Endless<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private Runnable forget = () -> {};
        private boolean closed;

        private Endless(ServerCall<Q, A> call) {
            super(call);
        }

        /**
         * Ends it with an error that can be retried.
         *
         * @param cancel tells the service that its caller is gone
         */
        private void end(Runnable cancel) {
            if (!closed) {
                closed = true;
                cancel.run();
                StoppedCalls.close(delegate(), stopping());
            }
        }

        @Override
        public void sendMessage(A message) {
            if (!closed) {
                super.sendMessage(message);
            }
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (!closed) {
                closed = true;
                forget.run();
                super.close(status, trailers);
            }
        }
    }
}
