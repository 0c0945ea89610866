package io.ackgate.gateway.health;

import io.ackgate.gateway.process.ProcessState;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;

/**
 * Whether this process can go on: a metadata store that has failed answers nothing until it is
 * opened again, and a lost lease does not come back, so that only a new start mends either.
 */
@Liveness
@Singleton
class Alive implements HealthCheck {
    private final ProcessState process;

    Alive(ProcessState process) {
        this.process = process;
    }

    @Override
    public HealthCheckResponse call() {
        String failure = process.failure();
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("process").status(failure == null);
        return failure == null
                ? response.build()
                : response.withData("start it again", failure).build();
    }
}
