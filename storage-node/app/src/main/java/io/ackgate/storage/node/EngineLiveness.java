package io.ackgate.storage.node;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * The process lives: it answers, and its node has not given up. A node that gives up ends the
 * process by itself; a supervisor ends it if that does not succeed. A slow disk is no reason to
 * start it again.
 */
@Liveness
@ApplicationScoped
public class EngineLiveness implements HealthCheck {
    private final NodeLifecycle lifecycle;

    @Inject
    EngineLiveness(NodeLifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("storage node process")
                .status(!lifecycle.gaveUp())
                .build();
    }
}
