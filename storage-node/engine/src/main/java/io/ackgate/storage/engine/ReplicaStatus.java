package io.ackgate.storage.engine;

import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.log.PartitionLog;
import org.jspecify.annotations.Nullable;

/**
 * One replica as {@link StorageEngine#describe} shows it.
 *
 * @param fault null if it is sound; offsets and sizes are 0 otherwise
 * @param bytes of its segments
 */
public record ReplicaStatus(
        PartitionId partition,
        int epoch,
        Incarnation incarnation,
        Durability durability,
        @Nullable Fault fault,
        long logStart,
        long logEnd,
        long highWatermark,
        long bytes,
        int producers) {
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
