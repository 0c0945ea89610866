package io.ackgate.storage.node;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * The process lives: it answers. An engine that gives up ends the process by itself, and a slow
 * disk is no reason to start it again.
 */
@Liveness
@ApplicationScoped
public class EngineLiveness implements HealthCheck {
    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.up("storage node process");
    }
}
