package io.ackgate.gateway.rest;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.failure.Failures;
import io.ackgate.gateway.failure.RequestChecks;
import io.ackgate.gateway.health.TopicReadiness;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.TopicOutcome;
import io.ackgate.gateway.topic.Topics;
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
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
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
    private final Topics topics;
    private final GatewayRuntime runtime;
    private final TopicReadiness readiness;

    TopicsResource(Topics topics, GatewayRuntime runtime, TopicReadiness readiness) {
        this.topics = topics;
        this.runtime = runtime;
        this.readiness = readiness;
    }

    @GET
    @Operation(summary = "All topics, by name")
    public Uni<List<TopicView>> list() {
        return Uni.createFrom()
                .completionStage(topics::list)
                .onFailure()
                .transform(why -> Failures.metadataSilent(why).asException())
                .map(all -> all.stream().map(TopicView::of).toList());
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
        NewTopic given = required(wanted);
        return topic(() -> topics.create(given.toSpec()))
                .flatMap(readiness::await)
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
        return topic(() -> topics.describe(name))
                .flatMap(topic -> partitions(topic).map(parts -> TopicView.of(topic, parts)));
    }

    @PATCH
    @Path("/{name}")
    @Operation(summary = "Changes settings or raises the number of partitions")
    public Uni<TopicView> alter(@RestPath String name, @Nullable TopicPatch patch) {
        TopicPatch given = required(patch);
        return topic(() -> topics.alter(name, given.toChange()))
                .flatMap(readiness::await)
                .map(TopicView::of);
    }

    @DELETE
    @Path("/{name}")
    @Operation(
            summary = "Deletes a topic and its records",
            description =
                    "When it is answered, the name is free. Replicas drop their logs soon after.")
    @APIResponse(responseCode = "204", description = "Deleted")
    public Uni<Void> delete(@RestPath String name) {
        return topic(() -> topics.delete(name)).replaceWithVoid();
    }

    @GET
    @Path("/{name}/partitions")
    @Operation(summary = "The partitions of a topic")
    public Uni<List<PartitionView>> partitions(@RestPath String name) {
        return topic(() -> topics.describe(name)).flatMap(this::partitions);
    }

    @GET
    @Path("/{name}/partitions/{partition}")
    @Operation(summary = "A partition: owner, epoch, leader, replicas, ISR, watermark, lag")
    public Uni<PartitionView> partition(@RestPath String name, @RestPath int partition) {
        return topic(() -> topics.describe(name))
                .flatMap(
                        topic ->
                                partition(
                                        topic,
                                        RequestChecks.partition(topic, partition, "partition")));
    }

    private Uni<List<PartitionView>> partitions(Topic topic) {
        List<Uni<PartitionView>> asked =
                IntStream.range(0, topic.partitions()).mapToObj(p -> partition(topic, p)).toList();
        return Uni.join().all(asked).andFailFast();
    }

    private Uni<PartitionView> partition(Topic topic, int partition) {
        return Uni.createFrom()
                .completionStage(() -> runtime.status(topic.partition(partition)))
                .map(status -> PartitionView.of(partition, status));
    }

    static <T> T required(@Nullable T body) {
        if (body == null) {
            throw Failure.refused(ErrorCode.INVALID_REQUEST, "", "the request has no body")
                    .asException();
        }
        return body;
    }

    private static Uni<Topic> topic(Supplier<CompletionStage<TopicOutcome>> request) {
        return Uni.createFrom()
                .completionStage(request)
                .map(
                        outcome ->
                                switch (outcome) {
                                    case TopicOutcome.Done(Topic topic) -> topic;
                                    case TopicOutcome.Refused refused ->
                                            throw Failures.of(refused).asException();
                                    case TopicOutcome.Unknown unknown ->
                                            throw Failures.of(unknown).asException();
                                });
    }
}
