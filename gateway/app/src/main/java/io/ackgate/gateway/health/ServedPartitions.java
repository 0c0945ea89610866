package io.ackgate.gateway.health;

import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.runtime.PartitionEventListener;
import io.ackgate.storage.api.PartitionId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The partitions that this gateway serves right now, learned from their events. Any thread. */
public final class ServedPartitions implements PartitionEventListener {
    private final Set<PartitionId> served = ConcurrentHashMap.newKeySet();

    /** Whether requests for the partition are served. */
    public boolean contains(PartitionId partition) {
        return served.contains(partition);
    }

    @Override
    public void happened(PartitionId partition, PartitionEvent event) {
        switch (event) {
            case PartitionEvent.Serving serving -> served.add(partition);
            case PartitionEvent.TakeoverStarted started -> served.remove(partition);
            case PartitionEvent.TakeoverFailed failed -> served.remove(partition);
            case PartitionEvent.Offline offline -> served.remove(partition);
            case PartitionEvent.Released released -> served.remove(partition);
            case PartitionEvent.Stopped stopped -> served.remove(partition);
            case PartitionEvent.InvariantBroken broken -> served.remove(partition);
            case PartitionEvent.UncleanElection unclean -> {}
            case PartitionEvent.Published published -> {}
            case PartitionEvent.IsrShrunk shrunk -> {}
            case PartitionEvent.IsrExpanded expanded -> {}
            case PartitionEvent.LeaderChanged changed -> {}
            case PartitionEvent.ReplicaReconciled reconciled -> {}
            case PartitionEvent.ReplicaLost lost -> {}
            case PartitionEvent.ReplicaDamaged damaged -> {}
            case PartitionEvent.ReplicaWhole whole -> {}
            case PartitionEvent.ReplicaRefused refused -> {}
            case PartitionEvent.DuplicateFound found -> {}
        }
    }
}
