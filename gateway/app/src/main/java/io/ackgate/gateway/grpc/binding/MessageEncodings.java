package io.ackgate.gateway.grpc.binding;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * What callers compress their messages with. Vert.x would look for the codec itself, and loses what
 * a codec throws together with the message: the caller would wait for ever, or a stream would end
 * well of which a message was never seen. So it is told that messages of our services are not
 * compressed, and {@link RequestMarshaller} decompresses them.
 */
@Singleton
class MessageEncodings {
    private static final int BEFORE_OTHERS = 1_000;
    private static final String OUR_SERVICES = "/ackgate.v1.";
    private static final String ENCODING = "grpc-encoding";
    private static final String IDENTITY = "identity";
    private static final Set<String> KNOWN = Set.of(IDENTITY, "gzip");

    void register(@Observes Filters filters) {
        filters.register(MessageEncodings::look, BEFORE_OTHERS);
    }

    private static void look(RoutingContext call) {
        HttpServerRequest request = call.request();
        if (!String.valueOf(request.path()).startsWith(OUR_SERVICES)) {
            call.next();
            return;
        }
        String encoding = request.getHeader(ENCODING);
        if (encoding != null && !KNOWN.contains(encoding)) {
            refuse(call, encoding);
            return;
        }
        request.headers().set(ENCODING, IDENTITY);
        call.next();
    }

    /** As gRPC has it: with what is accepted, so that the client can send it in another way. */
    private static void refuse(RoutingContext call, String encoding) {
        WireStatus.of(
                        io.grpc.Status.Code.UNIMPLEMENTED,
                        Failure.notWritten(
                                ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
                                "",
                                "grpc-encoding was given as '%s': identity and gzip are taken"
                                        .formatted(encoding)))
                .end(call.response().putHeader("grpc-accept-encoding", "identity,gzip"));
    }
}
