package io.ackgate.gateway.topic;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.TopicId;
import java.util.ArrayList;
import java.util.List;

/**
 * Spreads the replicas of a topic over the nodes, as Kafka does: first replicas, which lead when
 * all are alike, go round the nodes; the others follow at a distance that grows with each round, so
 * that the partitions of a lost node are led by many.
 *
 * <p>Where the round begins depends on the topic, so that topics of one partition do not all fall
 * on the first node.
 */
final class ReplicaPlacement {
    private ReplicaPlacement() {}

    /**
     * The nodes of each partition from {@code firstPartition} to {@code partitions} - 1.
     *
     * @param replicationFactor 1 to the number of nodes
     */
    static List<List<NodeId>> assign(
            TopicId topic,
            int firstPartition,
            int partitions,
            int replicationFactor,
            List<NodeId> nodes) {
        int start = Math.floorMod(Long.hashCode(topic.low() ^ topic.high()), nodes.size());
        List<List<NodeId>> assignment = new ArrayList<>();
        for (int partition = firstPartition; partition < partitions; partition++) {
            int first = (start + partition) % nodes.size();
            int shift = partition / nodes.size();
            List<NodeId> replicas = new ArrayList<>();
            replicas.add(nodes.get(first));
            for (int follower = 1; follower < replicationFactor; follower++) {
                int distance = 1 + (shift + follower - 1) % (nodes.size() - 1);
                replicas.add(nodes.get((first + distance) % nodes.size()));
            }
            assignment.add(replicas);
        }
        return assignment;
    }
}
