package io.ackgate.gateway.produce;

/**
 * By which a retry of records is recognised, as it came: none of it is checked yet.
 *
 * @param producerId 0 or more
 * @param producerEpoch 0 to 32,767
 * @param baseSequence of the first record, 0 or more
 */
public record ProducerSequence(long producerId, int producerEpoch, int baseSequence) {}
