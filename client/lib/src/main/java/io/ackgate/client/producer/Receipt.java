package io.ackgate.client.producer;

/**
 * A batch was acknowledged.
 *
 * @param baseOffset offset of its first record, or {@link
 *     io.ackgate.client.RecordMetadata#NO_OFFSET}
 * @param leaderEpoch epoch of the owner that answered; 0 with acks=0
 * @param duplicate the batch was in the log already
 */
record Receipt(long baseOffset, int leaderEpoch, boolean duplicate) {}
