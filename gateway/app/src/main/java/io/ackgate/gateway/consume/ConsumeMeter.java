package io.ackgate.gateway.consume;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.topic.Topic;

/** Counts what is read. Any thread. */
public interface ConsumeMeter {
    /**
     * A reader is given an answer.
     *
     * @param records in it, also those of batches that are given as they are stored
     * @param bytes of these records or batches, as the reader gets them
     */
    void given(Topic topic, int records, long bytes);

    /** An offset was not committed. */
    void commitRefused(ErrorCode code);
}
