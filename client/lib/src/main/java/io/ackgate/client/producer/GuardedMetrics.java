package io.ackgate.client.producer;

import io.ackgate.client.DeliveryException;
import io.ackgate.client.ProducerMetrics;
import org.jspecify.annotations.Nullable;

/**
 * An application's metrics, whose exceptions and errors are logged: the records still have to go
 * out.
 */
final class GuardedMetrics implements ProducerMetrics {
    private final ProducerMetrics metrics;
    private final System.Logger log;

    GuardedMetrics(ProducerMetrics metrics, System.Logger log) {
        this.metrics = metrics;
        this.log = log;
    }

    @Override
    public void onSent(Attempt attempt, int inFlight) {
        try {
            metrics.onSent(attempt, inFlight);
        } catch (RuntimeException | Error e) {
            threw(e);
        }
    }

    @Override
    public void onAnswered(Attempt attempt, @Nullable String error, long nanos, int inFlight) {
        try {
            metrics.onAnswered(attempt, error, nanos, inFlight);
        } catch (RuntimeException | Error e) {
            threw(e);
        }
    }

    @Override
    public void onDelivered(
            String topic,
            int partition,
            int records,
            @Nullable DeliveryException error,
            long nanos) {
        try {
            metrics.onDelivered(topic, partition, records, error, nanos);
        } catch (RuntimeException | Error e) {
            threw(e);
        }
    }

    private void threw(Throwable e) {
        log.log(System.Logger.Level.WARNING, "the producer's metrics threw", e);
    }
}
