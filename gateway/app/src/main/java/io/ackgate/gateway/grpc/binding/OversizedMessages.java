package io.ackgate.gateway.grpc.binding;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.grpc.Status;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * Says why a call ends whose message is larger than one may be. Vert.x ends it as soon as it knows
 * the size, with a bare RESOURCE_EXHAUSTED. Of that message nothing is written; what a stream has
 * sent before it may be under way, so that the status says nothing of records.
 */
final class OversizedMessages {
    private static final WireStatus STATUS =
            WireStatus.of(
                    Status.Code.RESOURCE_EXHAUSTED,
                    Failure.refused(
                            ErrorCode.MESSAGE_TOO_LARGE,
                            "",
                            "a message of the call has more than %d bytes; send less at a time"
                                    .formatted(RequestMarshaller.MAX_BYTES)));

    private OversizedMessages() {}

    /** Of a call that begins. */
    static void watch(RoutingContext http) {
        http.addHeadersEndHandler(
                ignored -> {
                    HttpServerResponse response = http.response();
                    boolean bare =
                            Integer.toString(STATUS.code())
                                            .equals(response.headers().get(WireStatus.STATUS))
                                    && !response.headers().contains(WireStatus.DETAILS);
                    if (bare) {
                        STATUS.addTo(response.headers());
                    }
                });
    }

    /** Of a call whose first answer goes out: only its trailers can tell from here on. */
    static void answered(RoutingContext http) {
        STATUS.addTo(http.response().trailers());
    }

    /** Of a call that ends by itself. */
    static void closed(RoutingContext http) {
        WireStatus.removeFrom(http.response().trailers());
    }
}
