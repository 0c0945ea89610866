package io.ackgate.gateway.grpc;

import io.ackgate.gateway.admin.Audit;
import io.ackgate.gateway.topic.NameRules;
import io.ackgate.v1.DeleteGroupRequest;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/**
 * Has the calls audited that the admin API has as well: the deletion of a group. What a producer or
 * a consumer does is not.
 */
@ApplicationScoped
public class AuditedCalls implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Audited<Q, A> audited = new Audited<>(call, from());
        return new SimpleForwardingServerCallListener<>(next.startCall(audited, headers)) {
            @Override
            public void onMessage(Q message) {
                audited.asked(message);
                super.onMessage(message);
            }
        };
    }

    private static @Nullable String from() {
        Context context = Vertx.currentContext();
        RoutingContext http =
                context == null ? null : context.getLocal(RoutingContext.class.getName());
        SocketAddress address = http == null ? null : http.request().remoteAddress();
        return address == null ? null : address.hostAddress();
    }

    private static final class Audited<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private final @Nullable String from;

        /** What is to be written down; null for what is not audited. */
        private volatile @Nullable String what;

        private Audited(ServerCall<Q, A> call, @Nullable String from) {
            super(call);
            this.from = from;
        }

        private void asked(Q message) {
            if (message instanceof DeleteGroupRequest delete) {
                String group = delete.getGroup();
                // What is no name may hold anything, line breaks too.
                what = "DeleteGroup " + (NameRules.legal(group) ? group : "(no name)");
            }
        }

        @Override
        public void close(Status status, Metadata trailers) {
            String done = what;
            if (done != null) {
                what = null;
                Audit.ended(done, from, status.getCode().name());
            }
            super.close(status, trailers);
        }
    }
}
