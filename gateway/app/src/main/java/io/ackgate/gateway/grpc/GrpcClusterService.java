package io.ackgate.gateway.grpc;

import io.ackgate.gateway.grpc.binding.MalformedRequests;
import io.ackgate.gateway.grpc.binding.ServiceBinding;
import io.ackgate.gateway.process.ClusterView;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.v1.MutinyServices;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.quarkus.grpc.GrpcService;
import io.quarkus.grpc.RegisterInterceptor;

/** Serves {@link ClusterCalls}. */
@GrpcService
@RegisterInterceptor(MalformedRequests.class)
public class GrpcClusterService implements BindableService {
    private final ClusterCalls calls;

    GrpcClusterService(Topics topics, GatewayRuntime runtime, ClusterView cluster) {
        this.calls = new ClusterCalls(topics, runtime, cluster);
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServiceBinding.around(MutinyServices.bind(calls));
    }
}
