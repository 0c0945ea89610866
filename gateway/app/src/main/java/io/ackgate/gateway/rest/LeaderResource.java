package io.ackgate.gateway.rest;

import io.ackgate.gateway.admin.LeaderElections;
import io.ackgate.gateway.caller.Caller;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** The leader of a partition: the way out when no in-sync replica comes back. */
@Path("/admin/v1/topics/{name}/partitions/{partition}/leader")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Topics")
public class LeaderResource {
    private final LeaderElections elections;

    LeaderResource(LeaderElections elections) {
        this.elections = elections;
    }

    @POST
    @Operation(
            summary = "Elects a leader for a partition that is offline",
            description =
                    "Only with unclean = true, since acknowledged records may be lost: the"
                        + " partition tells beforehand which replica has what. An in-sync replica"
                        + " that answers meanwhile leads all the same. Where every replica has"
                        + " answered that it has no log, or a corrupt one, emptyLog = true gives"
                        + " every record up. It is counted and recorded in the partition's state.")
    @APIResponse(
            responseCode = "200",
            description = "The partition has a leader and serves",
            content = @Content(schema = @Schema(implementation = PartitionView.class)))
    @APIResponse(
            responseCode = "400",
            description = "Unclean was not asked for by name, or there is no such replica",
            content =
                    @Content(
                            mediaType = Problem.MEDIA_TYPE,
                            schema = @Schema(implementation = Problem.class)))
    @APIResponse(responseCode = "404", description = "There is no such topic or partition")
    @APIResponse(responseCode = "409", description = "The partition has a leader: nothing was done")
    @APIResponse(responseCode = "503", description = "Nobody could be elected: nothing was done")
    public Uni<PartitionView> elect(
            @RestPath String name, @RestPath int partition, @Nullable LeaderChoice choice) {
        return elections
                .elect(
                        Caller.ANONYMOUS,
                        name,
                        partition,
                        TopicsResource.required(choice).toElection())
                .map(status -> PartitionView.of(partition, status));
    }
}
