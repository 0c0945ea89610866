package io.ackgate.gateway.rest;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.consume.GroupProgress;
import io.ackgate.gateway.consume.GroupResets;
import io.ackgate.gateway.failure.RequestChecks;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Consumer groups: their offsets, how far they are behind, and their end. */
@Path("/admin/v1/groups")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Groups")
public class GroupsResource {
    private static final int DEFAULT_PAGE = 1_000;
    private static final int MAX_PAGE = 10_000;

    private final GroupProgress groups;
    private final GroupResets resets;
    private final Topics topics;

    GroupsResource(GroupProgress groups, GroupResets resets, Topics topics) {
        this.groups = groups;
        this.resets = resets;
        this.topics = topics;
    }

    @GET
    @Operation(summary = "The groups that have committed offsets, by name")
    public Uni<List<GroupView>> list(
            @RestQuery @Parameter(description = "Only names behind this one")
                    @Nullable String after,
            @RestQuery @Parameter(description = "At most this many, 1 to 10000; by default 1000")
                    @Nullable String limit) {
        int most = RequestChecks.number(limit, DEFAULT_PAGE, 1, MAX_PAGE, "limit");
        return Uni.createFrom()
                .item(
                        groups.list(Caller.ANONYMOUS, after == null ? "" : after, most).stream()
                                .map(GroupView::of)
                                .toList());
    }

    @GET
    @Path("/{group}")
    @Operation(summary = "A group with its offsets and its lag")
    @APIResponse(responseCode = "404", description = "It has committed nothing")
    public Uni<GroupView> describe(@RestPath String group) {
        return groups.describe(Caller.ANONYMOUS, group)
                .map(progress -> GroupView.of(group, progress));
    }

    @PATCH
    @Path("/{group}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Sets the offsets of a group in a topic",
            description =
                    "What kafka-consumer-groups --reset-offsets does. Stop the group's consumers"
                            + " before: one that is at work goes on where it is, and commits that.")
    @APIResponse(
            responseCode = "200",
            description = "They are durable",
            content = @Content(schema = @Schema(implementation = GroupView.class)))
    @APIResponse(
            responseCode = "400",
            description = "Refused; the problem says what was given and what is allowed",
            content =
                    @Content(
                            mediaType = Problem.MEDIA_TYPE,
                            schema = @Schema(implementation = Problem.class)))
    @APIResponse(responseCode = "404", description = "There is no such topic or partition")
    @APIResponse(
            responseCode = "416",
            description = "The offset is beyond the end of a partition: nothing was changed")
    public Uni<GroupView> reset(@RestPath String group, @Nullable OffsetReset reset) {
        OffsetReset given = TopicsResource.required(reset);
        String name = RequestChecks.group(group);
        Topic topic = RequestChecks.topic(topics, given.requiredTopic());
        List<Integer> partitions = RequestChecks.partitions(topic, given.namedPartitions());
        return resets.reset(Caller.ANONYMOUS, name, topic, partitions, given.target())
                .chain(() -> groups.describe(Caller.ANONYMOUS, name))
                .map(progress -> GroupView.of(name, progress));
    }

    @DELETE
    @Path("/{group}")
    @Operation(summary = "Forgets what a group has committed")
    @APIResponse(responseCode = "204", description = "It is forgotten")
    @APIResponse(responseCode = "404", description = "It has committed nothing")
    public Uni<Void> delete(@RestPath String group) {
        return groups.delete(Caller.ANONYMOUS, group);
    }
}
