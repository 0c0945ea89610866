package io.ackgate.gateway.shutdown;

import io.ackgate.gateway.config.AckgateConfig;
import io.ackgate.gateway.health.GrpcHealth;
import io.ackgate.gateway.process.OrderlyStop;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Ends the process so that everybody is answered: see the package. The event is sent while the port
 * is open, and Quarkus goes on when this has returned; it is sent because {@code
 * quarkus.shutdown.delay-enabled} is on.
 */
@ApplicationScoped
class GracefulShutdown {
    private static final Logger LOG = Logger.getLogger(GracefulShutdown.class);

    /** What the last answers may need from here to the callers, beyond the setting. */
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

    /** How long clients may take to hear that they are to call elsewhere. */
    private static final Duration GO_AWAY_HEARD = Duration.ofSeconds(1);

    private final AckgateConfig.Shutdown settings;
    private final Draining draining;
    private final OpenRequests requests;
    private final GrpcHealth health;

    GracefulShutdown(
            AckgateConfig config, Draining draining, OpenRequests requests, GrpcHealth health) {
        this.settings = config.shutdown();
        this.draining = draining;
        this.requests = requests;
        this.health = health;
    }

    void end(@Observes ShutdownDelayInitiatedEvent event, OrderlyStop behind) {
        long start = System.nanoTime();
        long deadline = start + settings.timeout().toNanos();
        draining.leave();
        health.follow();
        if (!settings.delay().isZero()) {
            LOG.infof(
                    "stopping: not ready any more, nothing new is taken in %d ms",
                    settings.delay().toMillis());
            sleep(settings.delay());
        }
        requests.goAway()
                .completeOnTimeout(null, GO_AWAY_HEARD.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        LOG.infof("stopping: nothing new is taken, %d requests are under way", requests.count());
        draining.close();
        requests.endConnections(settings.timeout().plus(LAST_ANSWERS).toMillis());
        int left = requests.awaitNone(deadline);
        if (left > 0) {
            LOG.warnf(
                    "stopping: %d requests have no answer after ackgate.shutdown.timeout=%s: those"
                            + " that write end as they are, written, not written or unknown",
                    left, settings.timeout());
        }
        behind.stop(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        left = requests.awaitNone(System.nanoTime() + LAST_ANSWERS.toNanos());
        LOG.infof(
                "stopped after %d ms, %d requests had no answer",
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start), left);
    }

    private static void sleep(Duration delay) {
        try {
            Thread.sleep(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
