package io.ackgate.client;

import org.jspecify.annotations.Nullable;

/**
 * Called once for every record with how its delivery ended. Runs on the producer's sending thread:
 * it must not block, and what it throws is logged and dropped. With idempotence, successes of one
 * partition are told in the order of the records.
 */
@FunctionalInterface
public interface DeliveryCallback {
    /**
     * The delivery has ended. Exactly one of the two is null.
     *
     * @param metadata where the record stands; null if it was not acknowledged
     * @param error why it was not, and whether it may be in the log nevertheless
     */
    void onDelivery(@Nullable RecordMetadata metadata, @Nullable DeliveryException error);
}
