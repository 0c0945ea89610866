package io.ackgate.gateway.rest;

import io.ackgate.gateway.admin.Audit;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Has each request of the admin API audited that changes something, or would have. */
class AuditLog {
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    /**
     * Judges by who serves the request, since a path may be written in many ways, and topics and
     * groups be called anything.
     */
    @ServerResponseFilter
    void audit(
            ContainerRequestContext request,
            ContainerResponseContext response,
            ResourceInfo served,
            HttpServerRequest http) {
        Class<?> resource = served.getResourceClass();
        if (resource == null
                // Records are what the product is for, and are not audited.
                || resource == RecordsResource.class
                || READS.contains(request.getMethod())) {
            return;
        }
        SocketAddress from = http.remoteAddress();
        // As it was sent: with its escapes, so that it holds no line break.
        String path = request.getUriInfo().getRequestUri().getRawPath();
        Audit.ended(
                request.getMethod() + " " + path,
                from == null ? null : from.hostAddress(),
                Integer.toString(response.getStatus()));
    }
}
