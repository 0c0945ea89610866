package io.ackgate.gateway.grpc.binding;

import io.ackgate.gateway.http.Incoming;
import io.ackgate.gateway.http.IncomingMemory;
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
 * but not of connections that end: a subscription would go on for nobody, for ever. The same goes
 * for calls that Vert.x ends by itself, which {@link OversizedMessages} explains to their callers.
 */
@ApplicationScoped
@GlobalInterceptor
public class LostConnections implements ServerInterceptor, Prioritized {
    private final IncomingMemory memory;

    LostConnections(IncomingMemory memory) {
        this.memory = memory;
    }

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
        OversizedMessages.watch(http);
        Incoming incoming = memory.begin(http);
        Watched<Q, A> watched = new Watched<>(call, http, incoming);
        CancelledOnce<Q> listener = new CancelledOnce<>(next.startCall(watched, headers), watched);
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
        private final RoutingContext http;
        private final Incoming incoming;
        private boolean answered;
        private volatile boolean closed;

        private Watched(ServerCall<Q, A> call, RoutingContext http, Incoming incoming) {
            super(call);
            this.http = http;
            this.incoming = incoming;
        }

        /** Whether Vert.x has ended it, for a message that is too large. */
        private boolean isEndedByOthers() {
            return !closed && http.response().ended();
        }

        @Override
        public void request(int messages) {
            incoming.wants(messages);
            super.request(messages);
        }

        @Override
        public void sendHeaders(Metadata headers) {
            answered = true;
            OversizedMessages.answered(http);
            super.sendHeaders(headers);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            closed = true;
            if (answered) {
                OversizedMessages.closed(http);
            }
            super.close(status, trailers);
        }
    }

    /** Whoever hears of the end first tells it. On the call's event loop. */
    private static final class CancelledOnce<Q> extends SimpleForwardingServerCallListener<Q> {
        private final Watched<?, ?> call;
        private boolean ended;

        private CancelledOnce(ServerCall.Listener<Q> listener, Watched<?, ?> call) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            call.incoming.taken();
            super.onMessage(message);
        }

        @Override
        public void onHalfClose() {
            call.incoming.whole();
            if (call.isEndedByOthers()) {
                onCancel();
            } else {
                super.onHalfClose();
            }
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
