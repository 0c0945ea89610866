package io.ackgate.gateway.limit;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.grpc.GrpcRefusal;
import io.ackgate.gateway.rest.EarlyProblems;
import io.ackgate.v1.ProducerServiceGrpc;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** Refuses requests that are beyond a bound, in gRPC's words or in HTTP's, and counts them. */
@Singleton
class Refusals {
    private static final String WRITES = "/" + ProducerServiceGrpc.SERVICE_NAME + "/";

    private final MeterRegistry registry;
    private final EarlyProblems problems;

    Refusals(MeterRegistry registry, EarlyProblems problems) {
        this.registry = registry;
        this.problems = problems;
    }

    /** How often a bound was met. */
    Counter counter(String bound) {
        return Counter.builder("ackgate.requests.cut.off")
                .description("Requests and connections that were beyond a bound")
                .tag("bound", bound)
                .register(registry);
    }

    /** Refuses a request that may be sent again later; nothing of it was done. */
    void comeBackLater(RoutingContext http, String why) {
        boolean grpc = GrpcRefusal.isCall(http);
        boolean writes =
                grpc
                        ? http.normalizedPath().startsWith(WRITES)
                        : http.request().method().equals(HttpMethod.POST);
        Failure failure =
                writes
                        ? Failure.notWritten(ErrorCode.THROTTLING_QUOTA_EXCEEDED, "", why)
                        : Failure.refused(ErrorCode.THROTTLING_QUOTA_EXCEEDED, "", why);
        if (grpc) {
            GrpcRefusal.send(http, failure);
        } else {
            problem(http, () -> problems.send(http, failure));
        }
    }

    /** Refuses a REST request whose body is not read to its end. */
    void refuse(RoutingContext http, int status, String title, String detail) {
        problem(http, () -> problems.send(http, status, title, detail));
    }

    /** HTTP/1 has no other way to be rid of the rest of a body than to close the connection. */
    private static void problem(RoutingContext http, Runnable send) {
        if (http.request().version() != HttpVersion.HTTP_2) {
            http.response().putHeader("connection", "close");
            http.addEndHandler(ended -> http.request().connection().close());
        }
        send.run();
    }
}
