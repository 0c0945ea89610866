package io.ackgate.gateway.limit;

import io.ackgate.gateway.config.AckgateConfig;
import io.ackgate.gateway.grpc.GrpcRefusal;
import io.ackgate.v1.ProducerServiceGrpc;
import io.grpc.MethodDescriptor;
import io.micrometer.core.instrument.Counter;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Gives up requests that do not come to their end: a sender of one byte a minute would hold a
 * request, and what has come of it, for as long as it likes. A gRPC call whose caller sends one
 * message is a request; a stream of messages has no end to wait for.
 */
@Singleton
class SlowRequests {
    private static final int PRIORITY = 7_000;
    private static final int TIMEOUT = 408;
    private static final int LOOKS_PER_TIMEOUT = 4;

    /** HTTP/2's ENHANCE_YOUR_CALM, which gRPC's clients show as RESOURCE_EXHAUSTED. */
    private static final long CALM = 0xb;

    private static final String REFLECTION = "/grpc.reflection.";

    /** Calls whose requests go on for as long as their callers like. */
    private static final Set<String> STREAMS =
            ProducerServiceGrpc.getServiceDescriptor().getMethods().stream()
                    .filter(method -> !method.getType().clientSendsOneMessage())
                    .map(MethodDescriptor::getFullMethodName)
                    .map("/"::concat)
                    .collect(Collectors.toUnmodifiableSet());

    private final Vertx vertx;
    private final Refusals refusals;
    private final Counter cutOff;
    private final long timeoutNanos;
    private final long timer;

    /** Requests of which something may be still to come, and since when. */
    private final Map<RoutingContext, Coming> coming = new ConcurrentHashMap<>();

    /** A request on its way. */
    private record Coming(Context loop, long sinceNanos) {}

    SlowRequests(AckgateConfig config, Refusals refusals, Vertx vertx) {
        this.vertx = vertx;
        this.refusals = refusals;
        this.cutOff = refusals.counter("request-timeout");
        this.timeoutNanos = config.http().requestTimeout().toNanos();
        this.timer =
                vertx.setPeriodic(
                        Math.max(
                                1, TimeUnit.NANOSECONDS.toMillis(timeoutNanos) / LOOKS_PER_TIMEOUT),
                        look -> look());
    }

    @PreDestroy
    void end() {
        vertx.cancelTimer(timer);
    }

    void register(@Observes Filters filters) {
        filters.register(this::begin, PRIORITY);
    }

    private void begin(RoutingContext http) {
        if (mustEnd(http)) {
            coming.put(http, new Coming(vertx.getOrCreateContext(), System.nanoTime()));
            http.addEndHandler(ended -> coming.remove(http));
        }
        http.next();
    }

    private static boolean mustEnd(RoutingContext http) {
        if (!GrpcRefusal.isCall(http)) {
            return Bodies.mayHaveBody(http.request());
        }
        String method = http.normalizedPath();
        return !STREAMS.contains(method) && !method.startsWith(REFLECTION);
    }

    private void look() {
        long now = System.nanoTime();
        coming.forEach(
                (http, since) -> {
                    if (now - since.sinceNanos >= timeoutNanos) {
                        since.loop.runOnContext(late -> giveUp(http));
                    }
                });
    }

    /** On the request's event loop. */
    private void giveUp(RoutingContext http) {
        if (coming.remove(http) == null || http.request().isEnded()) {
            return;
        }
        cutOff.increment();
        if (http.request().version() == HttpVersion.HTTP_2) {
            http.response().reset(CALM);
        } else if (!http.response().headWritten()) {
            refusals.refuse(
                    http,
                    TIMEOUT,
                    "Request Timeout",
                    "the request did not come to its end within %d ms (ackgate.http.request-timeout)"
                            .formatted(TimeUnit.NANOSECONDS.toMillis(timeoutNanos)));
        }
    }
}
