package io.ackgate.gateway.admin;

import io.ackgate.gateway.caller.Caller;
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
import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The door for leaders of partitions that are offline: the way out when no in-sync replica comes
 * back. Fulfilled on a thread of the partition: go on elsewhere.
 */
@Singleton
public class LeaderElections {
    private final Topics topics;
    private final GatewayRuntime runtime;

    LeaderElections(Topics topics, GatewayRuntime runtime) {
        this.topics = topics;
        this.runtime = runtime;
    }

    /**
     * An election as it is asked for.
     *
     * @param unclean must be true: a replica may lead that is not in sync, and what only the others
     *     held is lost
     * @param leader node of the replica that is to lead; null for the one that holds most of those
     *     that answer
     * @param emptyLog whether the leader may begin with a new, empty log once every replica has
     *     answered that it has none, or a corrupt one; null for false
     */
    public record UncleanElection(
            @Nullable Boolean unclean, @Nullable Integer leader, @Nullable Boolean emptyLog) {}

    /**
     * Elects a leader. Fails where the partition has one, where nobody could be elected, and where
     * unclean is not true; nothing was done then.
     *
     * @return how the partition stands, which has a leader and serves
     */
    public Uni<PartitionStatus> elect(
            Caller caller, String name, int partition, UncleanElection wanted) {
        Topic topic = RequestChecks.topic(topics, name);
        PartitionId id = topic.partition(RequestChecks.partition(topic, partition, "partition"));
        return Uni.createFrom()
                .completionStage(() -> runtime.status(id))
                .invoke(status -> requireUnclean(wanted, status))
                .flatMap(status -> elect(id, mandate(wanted, status)));
    }

    private static void requireUnclean(UncleanElection wanted, PartitionStatus status) {
        if (!Boolean.TRUE.equals(wanted.unclean())) {
            throw Failure.refused(
                            ErrorCode.INVALID_REQUEST,
                            "unclean",
                            "unclean was given as %s: give true to let a replica lead that is not in sync, which loses every record that only other replicas have; %s"
                                    .formatted(wanted.unclean(), whatIsKnown(status)))
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

    private static Mandate mandate(UncleanElection wanted, PartitionStatus status) {
        boolean emptyLog = Boolean.TRUE.equals(wanted.emptyLog());
        Integer named = wanted.leader();
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
