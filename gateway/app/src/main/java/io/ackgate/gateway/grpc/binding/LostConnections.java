package io.ackgate.gateway.grpc.binding;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quarkus.grpc.GlobalInterceptor;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.Prioritized;

/**
 * Cancels a call whose connection is lost. Vert.x's bridge to gRPC hears of calls that are reset,
 * but not of connections that end: a subscription would go on for nobody, for ever.
 */
@ApplicationScoped
@GlobalInterceptor
public class LostConnections implements ServerInterceptor, Prioritized {
    /** Before every other, where the HTTP request can still be reached. */
    @Override
    public int getPriority() {
        return Integer.MAX_VALUE;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Context context = Vertx.currentContext();
        RoutingContext http =
                context == null ? null : context.getLocal(RoutingContext.class.getName());
        if (http == null) {
            return next.startCall(call, headers);
        }
        Watched<Q, A> watched = new Watched<>(call);
        CancelledOnce<Q> listener = new CancelledOnce<>(next.startCall(watched, headers));
        // Told as a success where the response is cut off: only the call itself knows better.
        http.addEndHandler(
                end -> {
                    if (!watched.closed) {
                        listener.onCancel();
                    }
                });
        return listener;
    }

    /** Knows whether the call has ended in good order. */
    private static final class Watched<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private volatile boolean closed;

        private Watched(ServerCall<Q, A> call) {
            super(call);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            closed = true;
            super.close(status, trailers);
        }
    }

    /** Whoever hears of the end first tells it. On the call's event loop. */
    private static final class CancelledOnce<Q> extends SimpleForwardingServerCallListener<Q> {
        private boolean ended;

        private CancelledOnce(ServerCall.Listener<Q> listener) {
            super(listener);
        }

        @Override
        public void onCancel() {
            if (!ended) {
                ended = true;
                super.onCancel();
            }
        }

        @Override
        public void onComplete() {
            if (!ended) {
                ended = true;
                super.onComplete();
            }
        }
    }
}
