package io.ackgate.gateway.health;

import io.ackgate.gateway.process.ClusterView;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/** The {@link Readiness} of this process, with what an operator wants to know beside it. */
@org.eclipse.microprofile.health.Readiness
@Singleton
class Ready implements HealthCheck {
    private final Readiness readiness;
    private final ClusterView cluster;

    Ready(Readiness readiness, ClusterView cluster) {
        this.readiness = readiness;
        this.cluster = cluster;
    }

    @Override
    public HealthCheckResponse call() {
        String problem = readiness.problem();
        Readiness.Counts counts = readiness.counts();
        List<ClusterView.KnownNode> nodes = cluster.nodes();
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("partitions")
                        .status(problem == null)
                        .withData("partitions", counts.partitions())
                        .withData("offline", counts.offline())
                        .withData(
                                "nodes not connected",
                                nodes.stream().filter(node -> !node.connected()).count())
                        .withData(
                                "nodes not heard of",
                                nodes.stream().filter(node -> !node.registered()).count());
        return problem == null
                ? response.build()
                : response.withData("not ready because", problem).build();
    }
}
