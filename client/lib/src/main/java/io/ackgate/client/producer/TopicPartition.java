package io.ackgate.client.producer;

/**
 * One partition of one topic.
 *
 * @param topic name of the topic
 * @param partition 0 or more
 */
public record TopicPartition(String topic, int partition) {
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
