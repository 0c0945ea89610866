package io.ackgate.gateway.grpc;

import io.ackgate.gateway.consume.ConsumeMeter;
import io.ackgate.gateway.consume.GroupCommits;
import io.ackgate.gateway.consume.GroupProgress;
import io.ackgate.gateway.consume.PartitionReads;
import io.ackgate.gateway.consume.Subscriptions;
import io.ackgate.gateway.consume.Unpacking;
import io.ackgate.gateway.grpc.binding.MalformedRequests;
import io.ackgate.gateway.grpc.binding.ServiceBinding;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.v1.MutinyServices;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.quarkus.grpc.GrpcService;
import io.quarkus.grpc.RegisterInterceptor;

/** Serves {@link ConsumerCalls}. */
@GrpcService
@RegisterInterceptor(CallDeadlines.class)
@RegisterInterceptor(StreamFlow.class)
@RegisterInterceptor(TakenAnswers.class)
@RegisterInterceptor(AuditedCalls.class)
@RegisterInterceptor(MalformedRequests.class)
public class GrpcConsumerService implements BindableService {
    private final ConsumerCalls calls;

    GrpcConsumerService(
            Topics topics,
            GatewayRuntime runtime,
            PartitionReads reads,
            Subscriptions subscriptions,
            Unpacking unpacking,
            GroupCommits commits,
            GroupProgress groups,
            ConsumeMeter meter) {
        this.calls =
                new ConsumerCalls(
                        topics, runtime, reads, subscriptions, unpacking, commits, groups, meter);
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServiceBinding.around(MutinyServices.bind(calls));
    }
}
