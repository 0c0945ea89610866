package io.ackgate.client.producer;

/**
 * Under which name sequences are counted.
 *
 * @param producerId 0 or more, unique for ever
 * @param epoch 0 or more
 */
record ProducerIdentity(long producerId, short epoch) {}
