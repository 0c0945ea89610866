package io.ackgate.gateway.runtime;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionFactory;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageTransport;
import java.util.function.LongSupplier;

/** What every thread reaches the world through. */
record Ports(
        GatewaySession me,
        RuntimeSettings settings,
        PartitionFactory partitions,
        MetadataStore metadata,
        StorageTransport transport,
        LongSupplier clock,
        Admission admission,
        ReadTurns reads,
        ReadMemory readMemory,
        Events events,
        UnhostedAnswers unhosted) {

    /** Hears every event; fails never. */
    interface Events {
        void happened(PartitionId partition, PartitionEvent event);
    }

    /** Takes the answers for partitions that are not hosted here. On any partition thread. */
    interface UnhostedAnswers {
        void answered(NodeId node, long stream, StorageAnswer answer);
    }
}
