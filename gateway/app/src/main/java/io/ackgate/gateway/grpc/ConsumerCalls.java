package io.ackgate.gateway.grpc;

import io.ackgate.gateway.consume.ConsumeMeter;
import io.ackgate.gateway.consume.GroupCommits;
import io.ackgate.gateway.consume.GroupProgress;
import io.ackgate.gateway.consume.PartitionReads;
import io.ackgate.gateway.consume.SubscriptionPlan;
import io.ackgate.gateway.consume.Subscriptions;
import io.ackgate.gateway.consume.Unpacking;
import io.ackgate.gateway.failure.RequestChecks;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.runtime.ReadMemory;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.v1.CommitOffsetsRequest;
import io.ackgate.v1.CommitOffsetsResponse;
import io.ackgate.v1.ConsumerService;
import io.ackgate.v1.DeleteGroupRequest;
import io.ackgate.v1.DeleteGroupResponse;
import io.ackgate.v1.DescribeGroupRequest;
import io.ackgate.v1.DescribeGroupResponse;
import io.ackgate.v1.FetchRequest;
import io.ackgate.v1.FetchResponse;
import io.ackgate.v1.GetCommittedOffsetsRequest;
import io.ackgate.v1.GetCommittedOffsetsResponse;
import io.ackgate.v1.ListGroupsRequest;
import io.ackgate.v1.ListGroupsResponse;
import io.ackgate.v1.ListOffsetsRequest;
import io.ackgate.v1.ListOffsetsResponse;
import io.ackgate.v1.SubscribeRequest;
import io.ackgate.v1.SubscribeResponse;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;

/** Reads committed records. What is wrong with a request is thrown; see {@link GrpcStatuses}. */
final class ConsumerCalls implements ConsumerService {
    private final Topics topics;
    private final GatewayRuntime runtime;
    private final PartitionReads reads;
    private final Subscriptions subscriptions;
    private final Unpacking unpacking;
    private final GroupCommits commits;
    private final GroupProgress groups;
    private final ConsumeMeter meter;

    ConsumerCalls(
            Topics topics,
            GatewayRuntime runtime,
            PartitionReads reads,
            Subscriptions subscriptions,
            Unpacking unpacking,
            GroupCommits commits,
            GroupProgress groups,
            ConsumeMeter meter) {
        this.topics = topics;
        this.runtime = runtime;
        this.reads = reads;
        this.subscriptions = subscriptions;
        this.unpacking = unpacking;
        this.commits = commits;
        this.groups = groups;
        this.meter = meter;
    }

    @Override
    public Uni<FetchResponse> fetch(FetchRequest request) {
        return FetchCall.answer(
                request, RequestChecks.topic(topics, request.getTopic()), reads, unpacking, meter);
    }

    @Override
    public Multi<SubscribeResponse> subscribe(SubscribeRequest request) {
        FlowWindow window = FlowWindow.current();
        EventLoopTurns turns = EventLoopTurns.current();
        SubscriptionPlan plan =
                SubscribeMessages.plan(request, RequestChecks.topic(topics, request.getTopic()));
        ReadMemory.Reader memory = runtime.readMemory().reader(window.cutOff());
        return Multi.createFrom()
                .emitter(
                        out ->
                                SubscribeCall.start(
                                        plan, subscriptions, memory, turns, window, out));
    }

    @Override
    public Uni<ListOffsetsResponse> listOffsets(ListOffsetsRequest request) {
        return OffsetLookup.answer(request, RequestChecks.topic(topics, request.getTopic()), reads);
    }

    @Override
    public Uni<CommitOffsetsResponse> commitOffsets(CommitOffsetsRequest request) {
        return GroupOffsets.commit(
                request, RequestChecks.topic(topics, request.getTopic()), commits);
    }

    @Override
    public Uni<GetCommittedOffsetsResponse> getCommittedOffsets(
            GetCommittedOffsetsRequest request) {
        return GroupOffsets.get(request, RequestChecks.topic(topics, request.getTopic()), commits);
    }

    @Override
    public Uni<ListGroupsResponse> listGroups(ListGroupsRequest request) {
        return Groups.list(request, groups);
    }

    @Override
    public Uni<DescribeGroupResponse> describeGroup(DescribeGroupRequest request) {
        return Groups.describe(request, groups);
    }

    @Override
    public Uni<DeleteGroupResponse> deleteGroup(DeleteGroupRequest request) {
        return Groups.delete(request, groups);
    }
}
