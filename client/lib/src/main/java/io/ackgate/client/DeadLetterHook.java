package io.ackgate.client;

/**
 * Gets every record that finally failed, with all that is needed to investigate and replay it. Runs
 * on the producer's sending thread, before the record's own callback: it must not block.
 */
@FunctionalInterface
public interface DeadLetterHook {
    /**
     * A record finally failed.
     *
     * @param record as it was given to the producer
     * @param error why; its write status says whether a replay may write the record a second time
     */
    void onDeadLetter(ProducerRecord record, DeliveryException error);
}
