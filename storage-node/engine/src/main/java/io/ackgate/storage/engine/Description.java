package io.ackgate.storage.engine;

import io.ackgate.storage.api.ReplicaStatus;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.log.PartitionLog;
import org.jspecify.annotations.Nullable;

/** What {@link StorageEngine#describe} says of a replica. */
final class Description {
    private Description() {}

    static ReplicaStatus of(Replica replica, @Nullable Fault fault) {
        PartitionLog log = replica.usableLog();
        return new ReplicaStatus(
                replica.partition(),
                replica.epoch(),
                replica.incarnation(),
                replica.settings().durability(),
                fault,
                log != null ? log.logStart() : 0,
                log != null ? log.logEnd() : 0,
                replica.highWatermark(),
                log != null ? log.bytes() : 0,
                log != null ? log.producers().size() : 0);
    }
}
