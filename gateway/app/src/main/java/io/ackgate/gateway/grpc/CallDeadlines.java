package io.ackgate.gateway.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import jakarta.enterprise.context.ApplicationScoped;

/** Gives calls whose callers do not wait for ever their {@link CallDeadline}. */
@ApplicationScoped
public class CallDeadlines implements ServerInterceptor {
    private static final Metadata.Key<String> TIMEOUT =
            Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String timeout = headers.get(TIMEOUT);
        CallDeadline deadline =
                timeout == null ? null : CallDeadline.of(timeout, System.nanoTime());
        return deadline == null
                ? next.startCall(call, headers)
                : Contexts.interceptCall(
                        Context.current().withValue(CallDeadline.KEY, deadline),
                        call,
                        headers,
                        next);
    }
}
