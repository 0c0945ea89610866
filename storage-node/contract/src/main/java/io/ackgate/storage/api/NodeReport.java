package io.ackgate.storage.api;

import java.util.List;

/**
 * What a node is and holds: for operators, as of some moment, and not for deciding anything.
 *
 * @param space of the file system of the data directory
 * @param replicas faulty ones included, in no particular order
 */
public record NodeReport(NodeIdentity identity, DiskSpace space, List<ReplicaStatus> replicas) {
    public NodeReport {
        replicas = List.copyOf(replicas);
    }
}
