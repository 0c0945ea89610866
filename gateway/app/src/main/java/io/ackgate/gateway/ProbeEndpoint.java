package io.ackgate.gateway;

import io.ackgate.v1.ProbeRequest;
import io.ackgate.v1.ProbeResponse;
import io.ackgate.v1.ProbeService;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;

/** Proves that the stubs of the proto module are served. */
@GrpcService
class ProbeEndpoint implements ProbeService {
    @Override
    public Uni<ProbeResponse> probe(ProbeRequest request) {
        return Uni.createFrom().item(ProbeResponse.newBuilder().setText(request.getText()).build());
    }
}
