package io.ackgate.gateway.grpc;

import io.ackgate.gateway.grpc.binding.MalformedRequests;
import io.ackgate.gateway.grpc.binding.ServiceBinding;
import io.ackgate.gateway.produce.ProducerSessions;
import io.ackgate.gateway.produce.Producing;
import io.ackgate.gateway.shutdown.Draining;
import io.ackgate.v1.MutinyServices;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.quarkus.grpc.GrpcService;
import io.quarkus.grpc.RegisterInterceptor;

/** Serves {@link ProducerCalls}. */
@GrpcService
@RegisterInterceptor(CallDeadlines.class)
@RegisterInterceptor(StreamFlow.class)
@RegisterInterceptor(MalformedRequests.class)
public class GrpcProducerService implements BindableService {
    private final ProducerCalls calls;

    GrpcProducerService(Producing producing, ProducerSessions sessions, Draining draining) {
        this.calls = new ProducerCalls(producing, sessions, draining);
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServiceBinding.around(MutinyServices.bind(calls));
    }
}
