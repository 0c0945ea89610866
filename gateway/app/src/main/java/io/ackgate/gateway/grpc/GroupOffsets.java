package io.ackgate.gateway.grpc;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.consume.GroupCommits;
import io.ackgate.gateway.failure.Failures;
import io.ackgate.gateway.failure.RequestChecks;
import io.ackgate.gateway.offsets.CommittedOffsets;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.v1.CommitOffsetsRequest;
import io.ackgate.v1.CommitOffsetsResponse;
import io.ackgate.v1.CommittedOffset;
import io.ackgate.v1.GetCommittedOffsetsRequest;
import io.ackgate.v1.GetCommittedOffsetsResponse;
import io.smallrye.mutiny.Uni;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How far groups have come. A commit is checked as a whole before any of it is stored. */
final class GroupOffsets {
    private GroupOffsets() {}

    static Uni<CommitOffsetsResponse> commit(
            CommitOffsetsRequest request, Topic topic, GroupCommits commits) {
        String group = RequestChecks.group(request.getGroup());
        require(request, topic);
        return commits.commit(
                        Caller.ANONYMOUS,
                        group,
                        topic,
                        request.getOffsetsList().stream().map(GroupOffsets::commit).toList())
                .emitOn(EventLoopTurns.current())
                .replaceWith(CommitOffsetsResponse.getDefaultInstance());
    }

    private static GroupCommits.Commit commit(CommittedOffset offset) {
        return new GroupCommits.Commit(
                offset.getPartition(),
                offset.getOffset(),
                offset.hasLeaderEpoch() ? offset.getLeaderEpoch() : -1,
                offset.getMetadata());
    }

    private static void require(CommitOffsetsRequest request, Topic topic) {
        if (request.getOffsetsCount() == 0) {
            throw RequestChecks.invalid("offsets", "offsets is empty");
        }
        Set<Integer> seen = new HashSet<>();
        for (CommittedOffset offset : request.getOffsetsList()) {
            RequestChecks.partition(topic, offset.getPartition(), "offsets.partition");
            if (!seen.add(offset.getPartition())) {
                throw RequestChecks.invalid(
                        "offsets.partition",
                        "partition %d is named twice".formatted(offset.getPartition()));
            }
            if (offset.getOffset() < 0) {
                throw RequestChecks.invalid(
                        "offsets.offset", "offset %d is negative".formatted(offset.getOffset()));
            }
            if (offset.hasLeaderEpoch() && offset.getLeaderEpoch() < 1) {
                throw RequestChecks.invalid(
                        "offsets.leader_epoch",
                        "leader epoch %d: give the one of the answer that held the last record, 1 or more, or leave it out"
                                .formatted(offset.getLeaderEpoch()));
            }
        }
    }

    static Uni<GetCommittedOffsetsResponse> get(
            GetCommittedOffsetsRequest request, Topic topic, GroupCommits commits) {
        String group = RequestChecks.group(request.getGroup());
        List<Uni<Optional<CommittedOffset>>> asked =
                RequestChecks.partitions(topic, request.getPartitionsList()).stream()
                        .map(p -> get(group, topic.partition(p), commits))
                        .toList();
        return Uni.join()
                .all(asked)
                .andFailFast()
                .emitOn(EventLoopTurns.current())
                .onFailure()
                .transform(why -> Failures.metadataSilent(why).asException())
                .map(
                        found ->
                                GetCommittedOffsetsResponse.newBuilder()
                                        .addAllOffsets(
                                                found.stream().flatMap(Optional::stream).toList())
                                        .build());
    }

    private static Uni<Optional<CommittedOffset>> get(
            String group, PartitionId partition, GroupCommits commits) {
        return Uni.createFrom()
                .completionStage(() -> commits.committed(Caller.ANONYMOUS, group, partition))
                .map(found -> found.map(position -> message(partition, position)));
    }

    private static CommittedOffset message(
            PartitionId partition, CommittedOffsets.Position position) {
        CommittedOffset.Builder message =
                CommittedOffset.newBuilder()
                        .setPartition(partition.partition())
                        .setOffset(position.offset())
                        .setMetadata(position.metadata());
        if (position.leaderEpoch() >= 0) {
            message.setLeaderEpoch(position.leaderEpoch());
        }
        return message.build();
    }
}
