package io.ackgate.gateway.grpc;

import io.ackgate.gateway.consume.GroupCommits;
import io.ackgate.gateway.consume.GroupProgress;
import io.ackgate.gateway.consume.PartitionReads;
import io.ackgate.gateway.consume.Targets;
import io.ackgate.gateway.consume.Unpacking;
import io.ackgate.gateway.grpc.binding.MalformedRequests;
import io.ackgate.gateway.grpc.binding.ServiceBinding;
import io.ackgate.gateway.offsets.CommittedOffsets;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.v1.CommitOffsetsRequest;
import io.ackgate.v1.CommitOffsetsResponse;
import io.ackgate.v1.ConsumerServiceGrpc;
import io.ackgate.v1.FetchRequest;
import io.ackgate.v1.FetchResponse;
import io.ackgate.v1.GetCommittedOffsetsRequest;
import io.ackgate.v1.GetCommittedOffsetsResponse;
import io.ackgate.v1.ListOffsetsRequest;
import io.ackgate.v1.ListOffsetsResponse;
import io.ackgate.v1.SubscribeRequest;
import io.ackgate.v1.SubscribeResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.quarkus.grpc.GrpcService;
import io.quarkus.grpc.RegisterInterceptor;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;

/** Reads committed records. What is wrong with a request is thrown; see {@link Statuses}. */
@GrpcService
@RegisterInterceptor(StreamFlow.class)
@RegisterInterceptor(TakenAnswers.class)
@RegisterInterceptor(MalformedRequests.class)
public class GrpcConsumerService implements BindableService {
    private final Topics topics;
    private final GatewayRuntime runtime;
    private final PartitionReads reads;
    private final Unpacking unpacking;
    private final CommittedOffsets committed;
    private final GroupCommits commits;
    private final GroupProgress groups;

    GrpcConsumerService(
            Topics topics,
            GatewayRuntime runtime,
            PartitionReads reads,
            Unpacking unpacking,
            CommittedOffsets committed,
            GroupCommits commits,
            GroupProgress groups) {
        this.topics = topics;
        this.runtime = runtime;
        this.reads = reads;
        this.unpacking = unpacking;
        this.committed = committed;
        this.commits = commits;
        this.groups = groups;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return new ServiceBinding(ConsumerServiceGrpc.getServiceDescriptor())
                .unary(ConsumerServiceGrpc.getFetchMethod(), this::fetch)
                .serverStream(ConsumerServiceGrpc.getSubscribeMethod(), this::subscribe)
                .unary(ConsumerServiceGrpc.getListOffsetsMethod(), this::listOffsets)
                .unary(ConsumerServiceGrpc.getCommitOffsetsMethod(), this::commitOffsets)
                .unary(
                        ConsumerServiceGrpc.getGetCommittedOffsetsMethod(),
                        this::getCommittedOffsets)
                .unary(
                        ConsumerServiceGrpc.getListGroupsMethod(),
                        request -> Groups.list(request, groups))
                .unary(
                        ConsumerServiceGrpc.getDescribeGroupMethod(),
                        request -> Groups.describe(request, groups))
                .unary(
                        ConsumerServiceGrpc.getDeleteGroupMethod(),
                        request -> Groups.delete(request, groups))
                .build();
    }

    private Uni<FetchResponse> fetch(FetchRequest request) {
        return FetchCall.answer(
                request, Targets.topic(topics, request.getTopic()), reads, unpacking);
    }

    private Multi<SubscribeResponse> subscribe(SubscribeRequest request) {
        FlowWindow window = FlowWindow.current();
        Subscription subscription =
                new Subscription(
                        SubscribePlan.of(request, Targets.topic(topics, request.getTopic())),
                        topics,
                        runtime,
                        committed,
                        EventLoopTurns.current(),
                        window,
                        window.cutOff());
        return Multi.createFrom().emitter(out -> subscription.start(out));
    }

    private Uni<ListOffsetsResponse> listOffsets(ListOffsetsRequest request) {
        return OffsetLookup.answer(request, Targets.topic(topics, request.getTopic()), reads);
    }

    private Uni<CommitOffsetsResponse> commitOffsets(CommitOffsetsRequest request) {
        return GroupOffsets.commit(request, Targets.topic(topics, request.getTopic()), commits);
    }

    private Uni<GetCommittedOffsetsResponse> getCommittedOffsets(
            GetCommittedOffsetsRequest request) {
        return GroupOffsets.get(request, Targets.topic(topics, request.getTopic()), committed);
    }
}
