package io.ackgate.gateway.rest;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * One line for each request of the admin API that changes something, or would have: what, from
 * where, and how it ended. Who it was is not known, since nobody is asked.
 */
class AuditLog {
    private static final Logger LOG = Logger.getLogger("io.ackgate.audit");
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");
    private static final String ADMIN = "/admin/";

    /** Records are what the product is for, and are not audited. */
    private static final String RECORDS = "/records";

    @ServerResponseFilter
    void audit(
            ContainerRequestContext request,
            ContainerResponseContext response,
            HttpServerRequest http) {
        // As it was sent: with its escapes, so that it holds no line break.
        String path = request.getUriInfo().getRequestUri().getRawPath();
        if (READS.contains(request.getMethod())
                || !path.startsWith(ADMIN)
                || path.endsWith(RECORDS)) {
            return;
        }
        SocketAddress from = http.remoteAddress();
        LOG.infof(
                "%s %s from %s: %d",
                request.getMethod(),
                path,
                from == null ? "unknown" : from.hostAddress(),
                response.getStatus());
    }
}
