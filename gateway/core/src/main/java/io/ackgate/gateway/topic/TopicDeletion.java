package io.ackgate.gateway.topic;

import io.ackgate.gateway.metadata.codec.UnreadableMetadataException;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.TopicId;
import java.util.List;

/**
 * A topic on its way out: decided, and not yet gone from every node.
 *
 * @param name the name it had
 * @param partitions per partition what its replicas are told
 * @param requestedMillis when it was asked for, milliseconds since 1970
 */
public record TopicDeletion(
        String name, TopicId id, List<Replicas> partitions, long requestedMillis) {

    public TopicDeletion {
        partitions = List.copyOf(partitions);
    }

    /**
     * Reads what the metadata store holds of one.
     *
     * @throws UnreadableMetadataException if the bytes are none
     */
    public static TopicDeletion decode(byte[] bytes) {
        return TopicCodec.decodeDeletion(bytes);
    }

    /**
     * The replicas of one partition.
     *
     * @param epoch above every epoch that the partition had: what gives the deletion authority
     * @param nodes that may hold a replica
     */
    public record Replicas(int epoch, List<NodeId> nodes) {
        public Replicas {
            nodes = List.copyOf(nodes);
        }
    }
}
