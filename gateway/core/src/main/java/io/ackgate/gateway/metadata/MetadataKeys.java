package io.ackgate.gateway.metadata;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The names under which the metadata store holds things. */
public final class MetadataKeys {
    /** What the cluster is. */
    public static final String CLUSTER = "cluster";

    /** The producer ids given away. */
    public static final String PRODUCER_IDS = "producer-ids";

    public static final String NODES = "nodes/";
    public static final String TOPICS = "topics/";
    public static final String DELETIONS = "deletions/";
    public static final String PARTITIONS = "partitions/";
    public static final String OFFSETS = "offsets/";

    private MetadataKeys() {}

    public static String node(NodeId node) {
        return NODES + node.value();
    }

    public static String topic(String name) {
        return TOPICS + name;
    }

    public static String deletion(TopicId topic) {
        return DELETIONS + topic;
    }

    /** What the key of every partition of a topic starts with. */
    public static String partitions(TopicId topic) {
        return PARTITIONS + topic + "/";
    }

    public static String partition(PartitionId partition) {
        return partitions(partition.topic()) + partition.partition();
    }

    /** The partition whose state a key holds; null if the key is none of a partition. */
    public static @Nullable PartitionId partitionOf(String key) {
        int slash = key.lastIndexOf('/');
        if (!key.startsWith(PARTITIONS) || slash < PARTITIONS.length()) {
            return null;
        }
        try {
            UUID topic = UUID.fromString(key.substring(PARTITIONS.length(), slash));
            return new PartitionId(
                    new TopicId(topic.getMostSignificantBits(), topic.getLeastSignificantBits()),
                    Integer.parseInt(key.substring(slash + 1)));
        } catch (IllegalArgumentException notAPartition) {
            return null;
        }
    }

    /** What every committed offset of a topic's key starts with. */
    public static String offsets(TopicId topic) {
        return OFFSETS + topic + "/";
    }

    public static String offset(PartitionId partition, String group) {
        return offsets(partition.topic()) + partition.partition() + "/" + group;
    }

    /**
     * Whose position a key holds.
     *
     * @param group the consumer group
     */
    public record GroupPartition(String group, PartitionId partition) {}

    /** The group and the partition of a committed offset's key; null if the key is none of one. */
    public static @Nullable GroupPartition groupPartitionOf(String key) {
        int slash = key.lastIndexOf('/');
        if (!key.startsWith(OFFSETS) || slash < OFFSETS.length()) {
            return null;
        }
        PartitionId partition = partitionOf(PARTITIONS + key.substring(OFFSETS.length(), slash));
        return partition == null ? null : new GroupPartition(key.substring(slash + 1), partition);
    }
}
