package io.ackgate.gateway.rest;

import io.ackgate.gateway.admin.TopicAdmin;
import io.ackgate.gateway.admin.TopicAdmin.DescribedTopic;
import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.util.List;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** Topics: created, described, changed, deleted. */
@Path("/admin/v1/topics")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Topics")
@APIResponse(
        responseCode = "400",
        description = "Refused; the problem says what was given and what is allowed",
        content =
                @Content(
                        mediaType = Problem.MEDIA_TYPE,
                        schema = @Schema(implementation = Problem.class)))
public class TopicsResource {
    private final TopicAdmin topics;

    TopicsResource(TopicAdmin topics) {
        this.topics = topics;
    }

    @GET
    @Operation(summary = "All topics, by name")
    public Uni<List<TopicView>> list() {
        return topics.list(Caller.ANONYMOUS).map(all -> all.stream().map(TopicView::of).toList());
    }

    @POST
    @Operation(
            summary = "Creates a topic",
            description = "When it is answered, it is durable and can be used.")
    @APIResponse(
            responseCode = "201",
            description = "Created",
            content = @Content(schema = @Schema(implementation = TopicView.class)))
    @APIResponse(responseCode = "409", description = "There is a topic of that name")
    public Uni<Response> create(@Nullable NewTopic wanted) {
        return topics.create(Caller.ANONYMOUS, required(wanted).toSpec())
                .map(
                        made ->
                                Response.created(
                                                UriBuilder.fromResource(TopicsResource.class)
                                                        .path(made.name())
                                                        .build())
                                        .entity(TopicView.of(made))
                                        .build());
    }

    @GET
    @Path("/{name}")
    @Operation(summary = "A topic with its settings and partitions")
    @APIResponse(responseCode = "404", description = "There is no such topic")
    public Uni<TopicView> describe(@RestPath String name) {
        return topics.describe(Caller.ANONYMOUS, name)
                .map(topic -> TopicView.of(topic.topic(), views(topic)));
    }

    @PATCH
    @Path("/{name}")
    @Operation(summary = "Changes settings or raises the number of partitions")
    public Uni<TopicView> alter(@RestPath String name, @Nullable TopicPatch patch) {
        return topics.alter(Caller.ANONYMOUS, name, required(patch).toChange()).map(TopicView::of);
    }

    @DELETE
    @Path("/{name}")
    @Operation(
            summary = "Deletes a topic and its records",
            description =
                    "When it is answered, the name is free. Replicas drop their logs soon after.")
    @APIResponse(responseCode = "204", description = "Deleted")
    public Uni<Void> delete(@RestPath String name) {
        return topics.delete(Caller.ANONYMOUS, name);
    }

    @GET
    @Path("/{name}/partitions")
    @Operation(summary = "The partitions of a topic")
    public Uni<List<PartitionView>> partitions(@RestPath String name) {
        return topics.describe(Caller.ANONYMOUS, name).map(TopicsResource::views);
    }

    @GET
    @Path("/{name}/partitions/{partition}")
    @Operation(summary = "A partition: owner, epoch, leader, replicas, ISR, watermark, lag")
    public Uni<PartitionView> partition(@RestPath String name, @RestPath int partition) {
        return topics.partition(Caller.ANONYMOUS, name, partition)
                .map(status -> PartitionView.of(partition, status));
    }

    private static List<PartitionView> views(DescribedTopic topic) {
        return IntStream.range(0, topic.partitions().size())
                .mapToObj(p -> PartitionView.of(p, topic.partitions().get(p)))
                .toList();
    }

    static <T> T required(@Nullable T body) {
        if (body == null) {
            throw Failure.refused(ErrorCode.INVALID_REQUEST, "", "the request has no body")
                    .asException();
        }
        return body;
    }
}
