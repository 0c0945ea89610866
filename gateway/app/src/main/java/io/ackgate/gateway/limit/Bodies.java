package io.ackgate.gateway.limit;

import io.ackgate.gateway.config.AckgateConfig;
import io.ackgate.gateway.grpc.GrpcRefusal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Bounds the bodies of REST requests: each, where Quarkus would answer without a word, and all that
 * are here at a time. A body is in memory in whole before it is looked at. One whose length is not
 * said counts as the greatest.
 */
@Singleton
class Bodies {
    private static final int PRIORITY = 8_000;
    private static final int TOO_LARGE = 413;
    private static final long UNBOUNDED_COUNTS_AS = 10 << 20;
    private static final Set<HttpMethod> WITHOUT =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.DELETE, HttpMethod.OPTIONS);

    private final long most;
    private final long mostTogether;
    private final Refusals refusals;
    private final Counter tooLarge;
    private final Counter noRoom;
    private final AtomicLong here = new AtomicLong();

    Bodies(
            AckgateConfig config,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") Optional<MemorySize> most,
            Refusals refusals,
            MeterRegistry registry) {
        this.most = most.map(MemorySize::asLongValue).orElse(Long.MAX_VALUE);
        this.mostTogether =
                config.http().bodyMemory().map(MemorySize::asLongValue).orElse(byDefault());
        this.refusals = refusals;
        this.tooLarge = refusals.counter("body-size");
        this.noRoom = refusals.counter("body-memory");
        Gauge.builder("ackgate.request.body.bytes", here, AtomicLong::get)
                .description("Bodies of REST requests that are here or on their way")
                .baseUnit("bytes")
                .register(registry);
    }

    private static long byDefault() {
        return Math.max(32L << 20, Runtime.getRuntime().maxMemory() / 8);
    }

    void register(@Observes Filters filters) {
        filters.register(this::look, PRIORITY);
    }

    private void look(RoutingContext http) {
        if (GrpcRefusal.isCall(http)) {
            http.next();
            return;
        }
        long said = length(http.request());
        if (said > most) {
            tooLarge.increment();
            refusals.refuse(
                    http,
                    TOO_LARGE,
                    "Content Too Large",
                    "the body has %d bytes and may have %d: write fewer records at a time, write over gRPC, or raise quarkus.http.limits.max-body-size"
                            .formatted(said, most));
            return;
        }
        long bytes = said >= 0 ? said : mayHaveBody(http.request()) ? greatest() : 0;
        long now = here.addAndGet(bytes);
        http.addEndHandler(ended -> here.addAndGet(-bytes));
        // One alone is always taken, and so is what has none.
        if (bytes == 0 || now <= mostTogether || now == bytes) {
            http.next();
            return;
        }
        noRoom.increment();
        refusals.comeBackLater(
                http,
                "the bodies of all requests that are under way have %d bytes and may have %d (ackgate.http.body-memory)"
                        .formatted(now, mostTogether));
    }

    private long greatest() {
        return most == Long.MAX_VALUE ? UNBOUNDED_COUNTS_AS : most;
    }

    /** -1 if it is not said, or is no number: then it is refused by HTTP itself. */
    private static long length(HttpServerRequest request) {
        String said = request.getHeader("content-length");
        try {
            return said == null ? -1 : Long.parseLong(said);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    static boolean mayHaveBody(HttpServerRequest request) {
        return !WITHOUT.contains(request.method())
                && (request.version() == HttpVersion.HTTP_2
                        || request.getHeader("transfer-encoding") != null
                        || length(request) > 0);
    }
}
