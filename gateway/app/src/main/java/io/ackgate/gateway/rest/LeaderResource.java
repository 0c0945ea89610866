package io.ackgate.gateway.rest;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.failure.RequestChecks;
import io.ackgate.gateway.host.ElectionOutcome;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.Mandate;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.stream.Collectors;
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
    private final Topics topics;
    private final GatewayRuntime runtime;

    LeaderResource(Topics topics, GatewayRuntime runtime) {
        this.topics = topics;
        this.runtime = runtime;
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
        LeaderChoice given = TopicsResource.required(choice);
        Topic topic = RequestChecks.topic(topics, name);
        PartitionId id = topic.partition(RequestChecks.partition(topic, partition, "partition"));
        return Uni.createFrom()
                .completionStage(() -> runtime.status(id))
                .invoke(status -> requireUnclean(given, status))
                .flatMap(status -> elect(id, mandate(given, status)))
                .map(status -> PartitionView.of(partition, status));
    }

    private static void requireUnclean(LeaderChoice given, PartitionStatus status) {
        if (!Boolean.TRUE.equals(given.unclean())) {
            throw Failure.refused(
                            ErrorCode.INVALID_REQUEST,
                            "unclean",
                            "unclean was given as %s: give true to let a replica lead that is not in sync, which loses every record that only other replicas have; %s"
                                    .formatted(given.unclean(), whatIsKnown(status)))
                    .asException();
        }
    }

    private static String whatIsKnown(PartitionStatus status) {
        if (status.answers().isEmpty()) {
            return "the partition is " + status.phase();
        }
        return "the partition is %s: %s"
                .formatted(
                        status.phase(),
                        status.answers().stream()
                                .map(PartitionStatus.ReplicaAnswer::toString)
                                .collect(Collectors.joining(", ")));
    }

    private static Mandate mandate(LeaderChoice given, PartitionStatus status) {
        boolean emptyLog = Boolean.TRUE.equals(given.emptyLog());
        Integer named = given.leader();
        if (named == null) {
            return new Mandate(null, emptyLog);
        }
        PartitionState state = status.state();
        List<Integer> assigned =
                state == null
                        ? List.of()
                        : state.replicas().stream()
                                .map(ReplicaRef::node)
                                .map(NodeId::value)
                                .toList();
        if (!assigned.contains(named)) {
            throw Failure.refused(
                            ErrorCode.INVALID_REQUEST,
                            "leader",
                            "leader was given as %d: give one of the nodes that have a replica of the partition, %s"
                                    .formatted(named, assigned))
                    .asException();
        }
        return new Mandate(new NodeId(named), emptyLog);
    }

    private Uni<PartitionStatus> elect(PartitionId id, Mandate mandate) {
        return Uni.createFrom()
                .completionStage(() -> runtime.electUnclean(id, mandate))
                .map(
                        outcome ->
                                switch (outcome) {
                                    case ElectionOutcome.Elected(var status) -> status;
                                    case ElectionOutcome.NotNeeded(var status) ->
                                            throw Failure.refused(
                                                            ErrorCode.ELECTION_NOT_NEEDED,
                                                            "",
                                                            "the partition has a leader that is in"
                                                                    + " sync: "
                                                                    + status.state())
                                                    .asException();
                                    case ElectionOutcome.Failed(String detail) ->
                                            throw Failure.refused(
                                                            ErrorCode
                                                                    .ELIGIBLE_LEADERS_NOT_AVAILABLE,
                                                            "",
                                                            "nobody was elected: " + detail)
                                                    .asException();
                                });
    }
}
