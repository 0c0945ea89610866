package io.ackgate.gateway.producer;

/**
 * What an idempotent producer writes its batches with.
 *
 * @param producerId 0 or more, unique for ever
 * @param producerEpoch 0 or more; a higher one of the same id fences the lower
 */
public record ProducerSession(long producerId, short producerEpoch) {}
