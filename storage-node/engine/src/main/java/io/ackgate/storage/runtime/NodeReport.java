package io.ackgate.storage.runtime;

import io.ackgate.storage.disk.DiskSpace;
import io.ackgate.storage.engine.IdentityCookie;
import io.ackgate.storage.engine.ReplicaStatus;
import java.util.List;

/**
 * What a node is and holds: for operators, as of some moment, and not for deciding anything.
 *
 * @param space of the file system of the data directory
 * @param replicas faulty ones included, in no particular order
 */
public record NodeReport(IdentityCookie identity, DiskSpace space, List<ReplicaStatus> replicas) {
    public NodeReport {
        replicas = List.copyOf(replicas);
    }
}
