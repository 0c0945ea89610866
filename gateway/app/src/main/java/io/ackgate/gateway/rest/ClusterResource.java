package io.ackgate.gateway.rest;

import io.ackgate.gateway.metrics.PartitionTotals;
import io.ackgate.gateway.process.ClusterView;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.topic.Topics;
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
    private final ClusterView cluster;
    private final Topics topics;
    private final GatewayRuntime runtime;

    ClusterResource(ClusterView cluster, Topics topics, GatewayRuntime runtime) {
        this.cluster = cluster;
        this.topics = topics;
        this.runtime = runtime;
    }

    @GET
    @Path("/cluster")
    @Operation(summary = "The cluster at a glance")
    public Uni<ClusterSummary> summary() {
        return Uni.createFrom()
                .completionStage(runtime::statuses)
                .map(
                        statuses ->
                                ClusterSummary.of(
                                        cluster,
                                        topics.cached().size(),
                                        PartitionTotals.of(topics.cached(), statuses)));
    }

    @GET
    @Path("/gateways")
    @NonBlocking
    @Operation(summary = "All gateways")
    public List<GatewayView> gateways() {
        return cluster.gateways().stream().map(GatewayView::of).toList();
    }
}
