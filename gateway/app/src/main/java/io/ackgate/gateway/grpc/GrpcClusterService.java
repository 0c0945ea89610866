package io.ackgate.gateway.grpc;

import io.ackgate.gateway.admin.ClusterAdmin;
import io.ackgate.gateway.admin.TopicAdmin;
import io.ackgate.gateway.grpc.binding.MalformedRequests;
import io.ackgate.gateway.grpc.binding.ServiceBinding;
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

    GrpcClusterService(ClusterAdmin cluster, TopicAdmin topics) {
        this.calls = new ClusterCalls(cluster, topics);
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServiceBinding.around(MutinyServices.bind(calls));
    }
}
