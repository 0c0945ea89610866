package io.ackgate.gateway.topic;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import java.util.List;
import java.util.Map;

/**
 * A topic.
 *
 * @param assignment per partition the nodes of its first replicas, as chosen when the partition was
 *     made; where replicas stand now is in the partition's state
 * @param overrides the settings that were given, or were set for the cluster when it was created,
 *     by Kafka's names; the others follow their defaults
 * @param createdMillis when it was created, milliseconds since 1970
 */
public record Topic(
        String name,
        TopicId id,
        int replicationFactor,
        List<List<NodeId>> assignment,
        Map<String, String> overrides,
        TopicSettings settings,
        long createdMillis) {

    public Topic {
        assignment = assignment.stream().map(List::copyOf).toList();
        overrides = Map.copyOf(overrides);
    }

    /** How many partitions it has, 1 or more. */
    public int partitions() {
        return assignment.size();
    }

    /** The id of one of its partitions, 0 to {@link #partitions()} - 1. */
    public PartitionId partition(int index) {
        if (index < 0 || index >= partitions()) {
            throw new IndexOutOfBoundsException(index);
        }
        return new PartitionId(id, index);
    }
}
