package io.ackgate.gateway.grpc;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.consume.GroupProgress;
import io.ackgate.gateway.consume.GroupProgress.Progress;
import io.ackgate.gateway.failure.RequestChecks;
import io.ackgate.gateway.offsets.ConsumerGroups.Group;
import io.ackgate.v1.DeleteGroupRequest;
import io.ackgate.v1.DeleteGroupResponse;
import io.ackgate.v1.DescribeGroupRequest;
import io.ackgate.v1.DescribeGroupResponse;
import io.ackgate.v1.GroupOffset;
import io.ackgate.v1.GroupSummary;
import io.ackgate.v1.GroupTopic;
import io.ackgate.v1.ListGroupsRequest;
import io.ackgate.v1.ListGroupsResponse;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** Groups as messages. */
final class Groups {
    private static final int DEFAULT_PAGE = 1_000;
    private static final int MAX_PAGE = 10_000;

    private Groups() {}

    static Uni<ListGroupsResponse> list(ListGroupsRequest request, GroupProgress groups) {
        int most =
                RequestChecks.within(
                        request.hasPageSize(),
                        request.getPageSize(),
                        DEFAULT_PAGE,
                        1,
                        MAX_PAGE,
                        "page_size");
        List<Group> page = groups.list(Caller.ANONYMOUS, request.getPageToken(), most);
        ListGroupsResponse.Builder response = ListGroupsResponse.newBuilder();
        for (Group group : page) {
            response.addGroups(
                    GroupSummary.newBuilder()
                            .setGroup(group.name())
                            .setPartitions(group.positions())
                            .setLastCommitMs(group.lastCommitMillis()));
        }
        if (page.size() == most) {
            response.setNextPageToken(page.getLast().name());
        }
        return Uni.createFrom().item(response.build());
    }

    static Uni<DescribeGroupResponse> describe(DescribeGroupRequest request, GroupProgress groups) {
        return groups.describe(Caller.ANONYMOUS, request.getGroup())
                .emitOn(EventLoopTurns.current())
                .map(progress -> response(request.getGroup(), progress));
    }

    private static DescribeGroupResponse response(String group, List<Progress> all) {
        DescribeGroupResponse.Builder response = DescribeGroupResponse.newBuilder().setGroup(group);
        long last = 0;
        for (Progress each : all) {
            int topics = response.getTopicsCount();
            GroupTopic.Builder topic =
                    topics > 0 && response.getTopics(topics - 1).getTopic().equals(each.topic())
                            ? response.getTopicsBuilder(topics - 1)
                            : response.addTopicsBuilder().setTopic(each.topic());
            topic.addOffsets(position(each));
            last = Math.max(last, each.position().committedMillis());
        }
        return response.setLastCommitMs(last).build();
    }

    private static GroupOffset position(Progress progress) {
        GroupOffset.Builder position =
                GroupOffset.newBuilder()
                        .setPartition(progress.partition())
                        .setOffset(progress.position().offset())
                        .setCommittedMs(progress.position().committedMillis());
        if (progress.position().leaderEpoch() >= 0) {
            position.setLeaderEpoch(progress.position().leaderEpoch());
        }
        progress.highWatermark().ifPresent(position::setHighWatermark);
        progress.lag().ifPresent(position::setLag);
        return position.build();
    }

    static Uni<DeleteGroupResponse> delete(DeleteGroupRequest request, GroupProgress groups) {
        return groups.delete(Caller.ANONYMOUS, request.getGroup())
                .emitOn(EventLoopTurns.current())
                .replaceWith(DeleteGroupResponse.getDefaultInstance());
    }
}
