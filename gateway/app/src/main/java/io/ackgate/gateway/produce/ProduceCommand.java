package io.ackgate.gateway.produce;

import io.ackgate.gateway.partition.Acks;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants written, as it came: whether it may be written is decided by {@link
 * Producing}.
 *
 * @param topic name of the topic
 * @param partition index of the partition; null if the keys decide
 * @param acks null for the topic's default
 * @param timeoutMillis longest wait for acknowledgement; null for the gateway's default
 * @param callerMillis after which the caller itself waits no longer; null if it does not say
 * @param producer null without idempotence, and for a ready-made batch, which carries its own
 */
public record ProduceCommand(
        String topic,
        @Nullable Integer partition,
        @Nullable Acks acks,
        @Nullable Integer timeoutMillis,
        @Nullable Integer callerMillis,
        @Nullable ProducerSequence producer,
        Payload payload) {}
