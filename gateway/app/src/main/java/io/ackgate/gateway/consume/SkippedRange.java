package io.ackgate.gateway.consume;

/**
 * A stored batch that cannot be read as records and was stepped over.
 *
 * @param offset the first offset that was not given
 * @param nextOffset the first offset behind the batch
 * @param reason why it cannot be read
 */
public record SkippedRange(long offset, long nextOffset, String reason) {}
