package io.ackgate.gateway.rest;

import io.ackgate.gateway.admin.ClusterAdmin;
import io.ackgate.gateway.caller.Caller;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The cluster and its gateways. */
@Path("/admin/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Cluster")
public class ClusterResource {
    private final ClusterAdmin cluster;

    ClusterResource(ClusterAdmin cluster) {
        this.cluster = cluster;
    }

    @GET
    @Path("/cluster")
    @Operation(summary = "The cluster at a glance")
    public Uni<ClusterSummary> summary() {
        return cluster.summary(Caller.ANONYMOUS).map(ClusterSummary::of);
    }

    @GET
    @Path("/gateways")
    @NonBlocking
    @Operation(summary = "All gateways")
    public List<GatewayView> gateways() {
        return cluster.describe(Caller.ANONYMOUS).gateways().stream().map(GatewayView::of).toList();
    }
}
