package io.ackgate.storage.node;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * The node takes requests: it has recovered and listens, its engine has taken its turn within the
 * last ten seconds, and its journal can be written. A full disk does not count: what is there can
 * be read.
 */
@Readiness
@ApplicationScoped
public class EngineReadiness implements HealthCheck {
    private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final NodeLifecycle lifecycle;
    private final NodeMetrics metrics;

    @Inject
    EngineReadiness(NodeLifecycle lifecycle, NodeMetrics metrics) {
        this.lifecycle = lifecycle;
        this.metrics = metrics;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("storage engine");
        StorageNode node = lifecycle.running();
        NodeSample sample = metrics.sample();
        String objection = objection(node, sample);
        response.status(objection == null);
        if (objection != null) {
            response.withData("reason", objection);
        }
        if (node != null) {
            response.withData("port", node.port());
        }
        if (sample != null) {
            response.withData("replicas", sample.replicas());
            response.withData("faultyReplicas", sample.faultyReplicas());
            response.withData("diskFull", sample.diskFull());
        }
        return response.build();
    }

    private static @Nullable String objection(
            @Nullable StorageNode node, @Nullable NodeSample sample) {
        if (node == null || sample == null) {
            return "recovering, or stopping";
        }
        if (System.nanoTime() - sample.takenNanos() > MAX_AGE_NANOS) {
            return "the engine has not taken its turn for more than 10 s";
        }
        return sample.failed() ? "the journal cannot be written" : null;
    }
}
