package io.ackgate.storage.api;

/**
 * One partition of one topic.
 *
 * @param topic the topic's id
 * @param partition index within the topic, from 0
 */
public record PartitionId(TopicId topic, int partition) {
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
