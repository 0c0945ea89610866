package io.ackgate.client.producer;

import io.ackgate.client.Acks;
import io.ackgate.client.ProducerConfig;

/**
 * What a pipeline goes by.
 *
 * @param acks what the producer calls written
 * @param idempotent whether batches carry sequences
 * @param maxInFlight batches unanswered at a time, 1 or more
 * @param retries how often a batch may be sent again after a failure of its own
 * @param deliveryTimeoutNanos from a batch's creation to its end
 */
record PipelineSettings(
        Acks acks, boolean idempotent, int maxInFlight, int retries, long deliveryTimeoutNanos) {
    static PipelineSettings of(ProducerConfig config) {
        return new PipelineSettings(
                config.acks(),
                config.enableIdempotence(),
                config.maxInFlight(),
                config.retries(),
                config.deliveryTimeout().toNanos());
    }
}
