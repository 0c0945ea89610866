package io.ackgate.gateway.limit;

import io.ackgate.gateway.config.AckgateConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bounds what one caller has open at a time: calls, streams, subscriptions and long polls. Nobody
 * is asked who he is, so that a caller is an address. Health and metrics are answered in any case.
 */
@Singleton
class CallersLimit {
    private static final int PRIORITY = 9_000;
    private static final String OPERATORS = "/q/";

    private final int most;
    private final Refusals refusals;
    private final Counter refused;

    /** Requests that are open, by address; an address that has none is not there. */
    private final Map<String, Integer> open = new ConcurrentHashMap<>();

    CallersLimit(AckgateConfig config, Refusals refusals, MeterRegistry registry) {
        this.most = config.http().maxOpenRequestsPerAddress();
        this.refusals = refusals;
        this.refused = refusals.counter("open-requests-per-address");
        Gauge.builder("ackgate.callers", open, Map::size)
                .description("Addresses that have requests open")
                .register(registry);
    }

    void register(@Observes Filters filters) {
        filters.register(this::look, PRIORITY);
    }

    private void look(RoutingContext http) {
        String caller = http.request().remoteAddress().host();
        if (caller == null || http.normalizedPath().startsWith(OPERATORS)) {
            http.next();
            return;
        }
        int now = open.merge(caller, 1, Integer::sum);
        http.addEndHandler(
                ended -> open.computeIfPresent(caller, (_, count) -> count > 1 ? count - 1 : null));
        if (now <= most) {
            http.next();
            return;
        }
        refused.increment();
        refusals.comeBackLater(
                http,
                "%s has %d requests open, with subscriptions and long polls, and may have %d: end some, or raise ackgate.http.max-open-requests-per-address"
                        .formatted(caller, now - 1, most));
    }
}
