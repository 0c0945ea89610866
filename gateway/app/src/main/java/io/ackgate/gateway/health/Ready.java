package io.ackgate.gateway.health;

import io.ackgate.gateway.process.ClusterView;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Whether this gateway may take traffic: from when every partition that exists at its start has
 * been served, and from then on. A partition that goes offline later is no reason to send the
 * requests for all others elsewhere; it is counted here and in the metrics.
 */
@Readiness
@Singleton
class Ready implements HealthCheck {
    private final Topics topics;
    private final ServedPartitions served;
    private final ClusterView cluster;
    private volatile boolean once;

    Ready(Topics topics, ServedPartitions served, ClusterView cluster) {
        this.topics = topics;
        this.served = served;
        this.cluster = cluster;
    }

    @Override
    public HealthCheckResponse call() {
        int partitions = 0;
        int offline = 0;
        for (Topic topic : topics.cached()) {
            for (int p = 0; p < topic.partitions(); p++) {
                partitions++;
                if (!served.contains(topic.partition(p))) {
                    offline++;
                }
            }
        }
        long strangers = cluster.nodes().stream().filter(node -> !node.registered()).count();
        once |= offline == 0 && strangers == 0;
        return HealthCheckResponse.named("partitions")
                .status(once)
                .withData("partitions", partitions)
                .withData("offline", offline)
                .withData("nodes not heard of", strangers)
                .build();
    }
}
