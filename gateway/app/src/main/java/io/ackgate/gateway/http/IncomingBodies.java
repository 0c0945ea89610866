package io.ackgate.gateway.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Has the bodies of the REST side counted in {@link IncomingMemory} until they are whole. */
@Singleton
class IncomingBodies {
    private static final int BEFORE_OTHERS = 900;
    private static final String REST = "/admin/";

    private final IncomingMemory memory;

    IncomingBodies(IncomingMemory memory) {
        this.memory = memory;
    }

    void register(@Observes Filters filters) {
        filters.register(this::begin, BEFORE_OTHERS);
    }

    private void begin(RoutingContext http) {
        HttpServerRequest request = http.request();
        if (String.valueOf(request.path()).startsWith(REST) && !request.isEnded()) {
            memory.begin(http).wants(1);
        }
        http.next();
    }
}
