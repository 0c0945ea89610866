package io.ackgate.gateway.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Cuts a call off that has taken nothing for long, and with it goes what waits for its caller. With
 * HTTP/2 its stream is reset, and other calls on the connection go on; with HTTP/1 the connection
 * is closed. A status would wait behind what is not taken.
 */
public final class ReadDeadline {
    private static final Logger LOG = Logger.getLogger(ReadDeadline.class);

    /** HTTP/2's ENHANCE_YOUR_CALM, which gRPC's clients show as RESOURCE_EXHAUSTED. */
    private static final long CODE = 0xb;

    private static final AtomicBoolean MISSED = new AtomicBoolean();

    private ReadDeadline() {}

    /** For the call that starts, whose interceptors are at work; may be run on any thread. */
    public static Runnable current() {
        Context context = Vertx.currentContext();
        RoutingContext http =
                context == null ? null : context.getLocal(RoutingContext.class.getName());
        if (http == null) {
            if (MISSED.compareAndSet(false, true)) {
                LOG.warn(
                        "callers that take nothing cannot be cut off: the HTTP request of a call"
                                + " is not known where the call is served. What such callers hold"
                                + " of ackgate.read.memory is free again only when they go");
            }
            return () -> {};
        }
        return of(http);
    }

    /** For a request; called on its event loop, may be run on any thread. */
    public static Runnable of(RoutingContext http) {
        Context context = http.vertx().getOrCreateContext();
        return () -> context.runOnContext(ignored -> cut(http));
    }

    private static void cut(RoutingContext http) {
        if (http.request().version() == HttpVersion.HTTP_2) {
            http.response().reset(CODE);
        } else {
            // The connection's own closing would wait until all before it is taken.
            var _ = ((ConnectionBase) http.request().connection()).channelHandlerContext().close();
        }
    }
}
