package io.ackgate.gateway.grpc;

import io.ackgate.gateway.config.AckgateConfig;
import io.ackgate.gateway.http.ReadDeadline;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives every streaming call a {@link FlowWindow} and keeps the stub to it: a request that it asks
 * for is passed on to the transport only when the window has room, so that HTTP/2's own flow
 * control reaches the caller.
 */
@ApplicationScoped
public class StreamFlow implements ServerInterceptor {
    private final int maxRequests;
    private final long maxBytes;
    private final OpenStreams openStreams;

    @Inject
    StreamFlow(AckgateConfig config, OpenStreams openStreams) {
        this(
                config.produce().stream().maxInFlightRequests(),
                config.produce().stream().maxInFlightBytes().asLongValue(),
                openStreams);
    }

    StreamFlow(int maxRequests, long maxBytes, OpenStreams openStreams) {
        this.maxRequests = maxRequests;
        this.maxBytes = maxBytes;
        this.openStreams = openStreams;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        MethodDescriptor.MethodType type = call.getMethodDescriptor().getType();
        if (type.serverSendsOneMessage()) {
            return next.startCall(call, headers);
        }
        Flow<Q, A> flow = new Flow<>(call, !type.clientSendsOneMessage());
        if (type.clientSendsOneMessage()) {
            // The request is known while the call starts, and not when its message is there.
            flow.window.cutOff(ReadDeadline.current());
        }
        ServerCall.Listener<Q> listener =
                Contexts.interceptCall(
                        Context.current().withValue(FlowWindow.KEY, flow.window),
                        flow,
                        headers,
                        next);
        return new SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onMessage(Q message) {
                flow.messageReceived();
                super.onMessage(message);
            }

            @Override
            public void onReady() {
                super.onReady();
                flow.window.ready();
            }

            @Override
            public void onCancel() {
                flow.ended();
                super.onCancel();
            }
        };
    }

    private final class Flow<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private final FlowWindow window;
        private final boolean limited;

        /** Messages that the stub has asked for and the transport has not been asked for. */
        private int wanted;

        /** Whether the transport has been asked for a message that has not come yet. */
        private boolean asked;

        private final AtomicInteger openCount;
        private boolean ended;

        private Flow(ServerCall<Q, A> call, boolean limited) {
            super(call);
            this.limited = limited;
            this.window = new FlowWindow(maxRequests, maxBytes, this::passOn, call::isReady);
            this.openCount =
                    openStreams.of(String.valueOf(call.getMethodDescriptor().getBareMethodName()));
            openCount.incrementAndGet();
        }

        @Override
        public void close(Status status, Metadata trailers) {
            ended();
            super.close(status, trailers);
        }

        private void ended() {
            if (!ended) {
                ended = true;
                openCount.decrementAndGet();
            }
        }

        @Override
        public void request(int messages) {
            if (!limited) {
                super.request(messages);
                return;
            }
            wanted += messages;
            passOn();
        }

        @Override
        public void sendMessage(A message) {
            super.sendMessage(message);
            window.messageSent();
        }

        private void messageReceived() {
            asked = false;
            window.messageReceived();
        }

        private void passOn() {
            if (limited && wanted > 0 && !asked && window.hasRoom()) {
                wanted--;
                asked = true;
                super.request(1);
            }
        }
    }
}
