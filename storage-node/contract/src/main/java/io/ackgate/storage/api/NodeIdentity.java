package io.ackgate.storage.api;

import java.util.UUID;

/**
 * Whose data directory it is that a node serves.
 *
 * @param clusterId the cluster that the node belongs to, once and for all; {@link ClusterIds#NONE}
 *     until the first gateway has come
 * @param node the storage node
 * @param directory the data directory's own id, new for every one
 */
public record NodeIdentity(String clusterId, NodeId node, UUID directory) {
    /** Whether the node belongs to a cluster. */
    public boolean hasCluster() {
        return !clusterId.equals(ClusterIds.NONE);
    }

    /** The identity as a member of this cluster. */
    public NodeIdentity in(String cluster) {
        return new NodeIdentity(cluster, node, directory);
    }

    @Override
    public String toString() {
        return hasCluster()
                ? "%s of cluster '%s'".formatted(node, clusterId)
                : "%s of no cluster yet".formatted(node);
    }
}
