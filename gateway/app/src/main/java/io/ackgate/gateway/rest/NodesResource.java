package io.ackgate.gateway.rest;

import io.ackgate.gateway.admin.NodeAdmin;
import io.ackgate.gateway.caller.Caller;
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
    private final NodeAdmin nodes;

    NodesResource(NodeAdmin nodes) {
        this.nodes = nodes;
    }

    @GET
    @NonBlocking
    @Operation(summary = "All storage nodes, by id")
    public List<NodeView> list() {
        return nodes.list(Caller.ANONYMOUS).stream().map(NodeView::of).toList();
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "A storage node, with what it says of itself if it answers")
    @APIResponse(responseCode = "404", description = "There is no such node")
    public Uni<NodeView> describe(@RestPath int id) {
        return nodes.describe(Caller.ANONYMOUS, id)
                .map(node -> NodeView.of(node.node(), node.report()));
    }

    @POST
    @Path("/{id}/stop")
    @Blocking
    @Operation(
            summary = "Stops a replica of this process",
            description = "Standalone only: to see how the others go on without it.")
    @APIResponse(responseCode = "404", description = "There is no such node")
    public NodeView stop(@RestPath int id) {
        return NodeView.of(nodes.stop(Caller.ANONYMOUS, id));
    }

    @POST
    @Path("/{id}/start")
    @Blocking
    @Operation(
            summary = "Starts a replica of this process again",
            description = "Standalone only: it catches up and comes back into the ISR.")
    @APIResponse(responseCode = "404", description = "There is no such node")
    public NodeView start(@RestPath int id) {
        return NodeView.of(nodes.start(Caller.ANONYMOUS, id));
    }
}
