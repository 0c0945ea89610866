package io.ackgate.gateway.consume;

/**
 * Kafka's auto.offset.reset: where to go on when there is no offset, or none that is in the log.
 */
public enum OffsetReset {
    EARLIEST,
    LATEST,
    /**
     * At the earliest where there is no offset yet; an offset that is not in the log is an error.
     */
    NONE
}
