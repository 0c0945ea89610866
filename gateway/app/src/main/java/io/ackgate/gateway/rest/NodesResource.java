package io.ackgate.gateway.rest;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.process.ClusterView;
import io.ackgate.gateway.process.NodeSwitch;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageNodes;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/** Storage nodes; those in this process can be stopped and started. */
@Path("/admin/v1/nodes")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Cluster")
public class NodesResource {
    private final ClusterView cluster;
    private final StorageNodes nodes;
    private final NodeSwitch nodeSwitch;

    NodesResource(ClusterView cluster, StorageNodes nodes, NodeSwitch nodeSwitch) {
        this.cluster = cluster;
        this.nodes = nodes;
        this.nodeSwitch = nodeSwitch;
    }

    @GET
    @NonBlocking
    @Operation(summary = "All storage nodes, by id")
    public List<NodeView> list() {
        return cluster.nodes().stream().map(NodeView::of).toList();
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "A storage node, with what it says of itself if it answers")
    @APIResponse(responseCode = "404", description = "There is no such node")
    public Uni<NodeView> describe(@RestPath int id) {
        ClusterView.KnownNode node = known(id);
        return Uni.createFrom()
                .completionStage(() -> nodes.report(node.id()))
                .map(report -> NodeView.of(node, report))
                .onFailure()
                .recoverWithItem(silent -> NodeView.of(node));
    }

    @POST
    @Path("/{id}/stop")
    @Blocking
    @Operation(
            summary = "Stops a replica of this process",
            description = "Standalone only: to see how the others go on without it.")
    @APIResponse(responseCode = "404", description = "There is no such node")
    public NodeView stop(@RestPath int id) {
        nodeSwitch.stop(local(id));
        return NodeView.of(known(id));
    }

    @POST
    @Path("/{id}/start")
    @Blocking
    @Operation(
            summary = "Starts a replica of this process again",
            description = "Standalone only: it catches up and comes back into the ISR.")
    @APIResponse(responseCode = "404", description = "There is no such node")
    public NodeView start(@RestPath int id) {
        nodeSwitch.start(local(id));
        return NodeView.of(known(id));
    }

    private NodeId local(int id) {
        NodeId node = known(id).id();
        if (!nodeSwitch.has(node)) {
            throw Failure.refused(
                            ErrorCode.INVALID_REQUEST,
                            "id",
                            "%s is a process of its own: stop and start it where it runs"
                                    .formatted(node))
                    .asException();
        }
        return node;
    }

    private ClusterView.KnownNode known(int id) {
        return cluster.nodes().stream()
                .filter(node -> node.id().value() == id)
                .findFirst()
                .orElseThrow(
                        () ->
                                Failure.refused(
                                                ErrorCode.BROKER_ID_NOT_REGISTERED,
                                                "id",
                                                "there is no node %d".formatted(id))
                                        .asException());
    }
}
