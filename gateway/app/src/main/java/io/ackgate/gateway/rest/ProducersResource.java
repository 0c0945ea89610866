package io.ackgate.gateway.rest;

import io.ackgate.gateway.admin.ProducerAdmin;
import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.failure.RequestChecks;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The idempotent producers of a topic. */
@Path("/admin/v1/topics/{name}/producers")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Topics")
public class ProducersResource {
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 10_000;

    private final ProducerAdmin producers;

    ProducersResource(ProducerAdmin producers) {
        this.producers = producers;
    }

    @GET
    @Operation(summary = "The idempotent producers that its partitions remember, youngest first")
    public Uni<List<ProducerView>> list(
            @RestPath String name,
            @RestQuery @Parameter(description = "At most this many, 1 to 10000; by default 100")
                    @Nullable String limit,
            @Context UriInfo uri) {
        Queries.only(uri, "limit");
        int most = RequestChecks.number(limit, DEFAULT_PAGE, 1, MAX_PAGE, "limit");
        return producers
                .list(Caller.ANONYMOUS, name, most)
                .map(found -> found.stream().map(ProducerView::of).toList());
    }
}
