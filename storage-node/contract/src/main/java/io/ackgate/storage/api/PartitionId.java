package io.ackgate.storage.api;

import io.ackgate.record.BatchFrame;
import java.nio.ByteBuffer;

/**
 * One partition of one topic.
 *
 * @param topic the topic's id
 * @param partition index within the topic, from 0
 */
public record PartitionId(TopicId topic, int partition) {
    /**
     * Whether a frame names this partition (see {@link BatchFrame}). Its checksum does not prove
     * it: a frame of another partition is as whole, wherever it was misdirected.
     */
    public boolean owns(ByteBuffer frame, int position) {
        return BatchFrame.topicIdHigh(frame, position) == topic.high()
                && BatchFrame.topicIdLow(frame, position) == topic.low()
                && BatchFrame.partition(frame, position) == partition;
    }

    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
