package io.ackgate.gateway.health;

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
    private volatile boolean once;

    Ready(Topics topics, ServedPartitions served) {
        this.topics = topics;
        this.served = served;
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
        once |= offline == 0;
        return HealthCheckResponse.named("partitions")
                .status(once)
                .withData("partitions", partitions)
                .withData("offline", offline)
                .build();
    }
}
