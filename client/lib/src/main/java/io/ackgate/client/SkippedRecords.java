package io.ackgate.client;

/**
 * Records that cannot be read: of a batch in the log that does not hold what it says, or the rest
 * of one. The reading goes on behind them.
 *
 * @param topic their topic
 * @param partition 0 or more
 * @param offset the first one that was not given
 * @param nextOffset the first one behind them
 * @param reason why they cannot be read, as a sentence
 */
public record SkippedRecords(
        String topic, int partition, long offset, long nextOffset, String reason) {}
