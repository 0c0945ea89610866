package io.ackgate.gateway.rest;

import io.ackgate.gateway.config.AckgateConfig;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Refuses with 403 what a {@link BrowserGuard} objects to, before any resource sees it. */
@Singleton
class ForeignRequests {
    private static final int BEFORE_OTHERS = 1_000;
    private static final int FORBIDDEN = 403;

    private final EarlyProblems problems;
    private final BrowserGuard guard;

    ForeignRequests(AckgateConfig config, EarlyProblems problems) {
        this.problems = problems;
        Set<String> names = new HashSet<>();
        config.advertisedAddress()
                .ifPresent(address -> names.add(address.substring(0, address.lastIndexOf(':'))));
        names.addAll(config.admin().hosts().orElse(List.of()));
        this.guard =
                new BrowserGuard(
                        Set.copyOf(names.stream().map(n -> n.toLowerCase(Locale.ROOT)).toList()));
    }

    void register(@Observes Filters filters) {
        filters.register(this::look, BEFORE_OTHERS);
    }

    private void look(RoutingContext call) {
        HttpServerRequest request = call.request();
        String path = call.normalizedPath();
        if (!path.startsWith("/admin/")) {
            call.next();
            return;
        }
        HostAndPort authority = request.authority();
        String objection =
                guard.objection(
                        request.method().name(),
                        authority == null ? "" : authority.toString(),
                        request.getHeader(HttpHeaders.ORIGIN),
                        request.getHeader("Sec-Fetch-Site"));
        if (objection == null) {
            call.next();
            return;
        }
        problems.send(call, FORBIDDEN, "Forbidden", objection);
    }
}
