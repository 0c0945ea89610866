package io.ackgate.gateway.produce;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.topic.Topic;

/** Counts what is produced. Any thread. */
public interface ProduceMeter {
    /**
     * A batch was acknowledged.
     *
     * @param records that it holds
     * @param bytes its size as it is stored
     * @param nanos how long after its request came in
     */
    void acknowledged(Topic topic, Acks acks, int records, int bytes, long nanos);

    /** A batch, or a request before it was one, was answered with an error. */
    void failed(ErrorCode code);
}
