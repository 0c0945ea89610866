package io.ackgate.client;

import org.jspecify.annotations.Nullable;

/**
 * Hears what a producer does, to count it with whatever library an application has:
 *
 * <pre>{@code
 * ProducerConfig.builder().metrics(new ProducerMetrics() {
 *     @Override
 *     public void onSent(Attempt attempt, int inFlight) {
 *         bytes.add(attempt.bytes());
 *         if (attempt.number() > 1) {
 *             retries.increment();
 *         }
 *     }
 * })
 * }</pre>
 *
 * <p>All methods run on the producer's sending thread, one at a time: they must not block, and what
 * they throw is logged and dropped. Methods that are not overridden do nothing.
 */
public interface ProducerMetrics {
    /** Hears nothing. */
    ProducerMetrics NONE = new ProducerMetrics() {};

    /**
     * A batch on its way to the gateway.
     *
     * @param topic its topic
     * @param partition 0 or more
     * @param records how many it holds, 1 or more
     * @param bytes its size as it is sent, compressed if batches are
     * @param number 1 for the first attempt, more for a retry
     */
    record Attempt(String topic, int partition, int records, int bytes, int number) {}

    /**
     * An attempt was sent.
     *
     * @param inFlight attempts of this producer that are unanswered now, this one included
     */
    default void onSent(Attempt attempt, int inFlight) {}

    /**
     * An attempt was answered, or its answer will never come.
     *
     * @param error Kafka's name of what went wrong, of which there are few; null if it was
     *     acknowledged
     * @param nanos since it was sent
     * @param inFlight attempts of this producer that are unanswered now
     */
    default void onAnswered(Attempt attempt, @Nullable String error, long nanos, int inFlight) {}

    /**
     * Records have their outcome, which their callbacks hear at the same time.
     *
     * @param partition {@link DeliveryException#NO_PARTITION} for records that got none
     * @param records 1 or more
     * @param error why they failed; null if they were acknowledged
     * @param nanos since the first of them was put into its batch; 0 for a record that got into
     *     none
     */
    default void onDelivered(
            String topic,
            int partition,
            int records,
            @Nullable DeliveryException error,
            long nanos) {}
}
