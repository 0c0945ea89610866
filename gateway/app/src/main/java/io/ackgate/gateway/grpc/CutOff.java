package io.ackgate.gateway.grpc;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;

/**
 * Cuts a call off that has taken nothing for long: its HTTP/2 stream is reset, and with it goes
 * what waits for its caller. A status would wait behind that.
 */
final class CutOff {
    /** HTTP/2's ENHANCE_YOUR_CALM, which gRPC's clients show as RESOURCE_EXHAUSTED. */
    private static final long CODE = 0xb;

    private CutOff() {}

    /** For the call that is being served; may be run on any thread. */
    static Runnable current() {
        Context context = Vertx.currentContext();
        RoutingContext http =
                context == null ? null : context.getLocal(RoutingContext.class.getName());
        if (context == null || http == null) {
            return () -> {};
        }
        return () -> context.runOnContext(ignored -> http.response().reset(CODE));
    }
}
