package io.ackgate.gateway.health;

import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.ackgate.v1.ClusterServiceGrpc;
import io.ackgate.v1.ConsumerServiceGrpc;
import io.ackgate.v1.ProducerServiceGrpc;
import io.quarkus.grpc.runtime.health.GrpcHealthStorage;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Has grpc.health.v1 say what the {@link Readiness} of this process says, of every service. */
@ApplicationScoped
public class GrpcHealth {
    private static final long PERIOD_MILLIS = 500;
    private static final List<String> SERVICES =
            List.of(
                    GrpcHealthStorage.DEFAULT_SERVICE_NAME,
                    ProducerServiceGrpc.SERVICE_NAME,
                    ConsumerServiceGrpc.SERVICE_NAME,
                    ClusterServiceGrpc.SERVICE_NAME);

    private final Readiness readiness;
    private final GrpcHealthStorage storage;
    private @Nullable ScheduledFuture<?> following;

    GrpcHealth(Readiness readiness, GrpcHealthStorage storage) {
        this.readiness = readiness;
        this.storage = storage;
    }

    void start(@Observes StartupEvent event) {
        following =
                Infrastructure.getDefaultWorkerPool()
                        .scheduleWithFixedDelay(
                                this::follow, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Says at once what is so; any thread. */
    public synchronized void follow() {
        ServingStatus now =
                readiness.problem() == null ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
        for (String service : SERVICES) {
            // Set where it differs only, since each time is told to everybody who watches.
            if (storage.getStatuses().get(service) != now) {
                storage.setStatus(service, now);
            }
        }
    }

    void stop(@Observes ShutdownEvent event) {
        if (following != null) {
            following.cancel(false);
        }
    }
}
