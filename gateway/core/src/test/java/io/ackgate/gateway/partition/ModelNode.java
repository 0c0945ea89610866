package io.ackgate.gateway.partition;

import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The model replicas of one storage node. Thread-confined. */
public final class ModelNode {
    private final Map<PartitionId, ModelReplica> replicas = new HashMap<>();

    /** Carries a request out; the answers that need no sync. */
    public List<StorageAnswer> handle(StorageRequest request, long stream) {
        return replica(request.partition()).handle(request, stream);
    }

    /** Makes everything durable; the acknowledgements that this allows. */
    public List<StorageAnswer> sync() {
        List<StorageAnswer> acknowledgements = new ArrayList<>();
        for (ModelReplica replica : replicas.values()) {
            StorageAnswer acknowledgement = replica.sync();
            if (acknowledgement != null) {
                acknowledgements.add(acknowledgement);
            }
        }
        return acknowledgements;
    }

    /** Loses what was not synced. */
    public void crash() {
        replicas.values().forEach(ModelReplica::crash);
    }

    /** The frames of a replica, oldest first. */
    public List<ByteBuffer> frames(PartitionId id) {
        return replica(id).frames;
    }

    /** Whether there is a log of that partition. */
    public boolean holds(PartitionId id) {
        return replica(id).exists;
    }

    /** Has a replica refuse epochs below this one, as if another gateway had fenced it. */
    public void fencedBy(PartitionId id, int epoch) {
        replica(id).epoch = epoch;
    }

    private ModelReplica replica(PartitionId id) {
        return replicas.computeIfAbsent(id, ModelReplica::new);
    }
}
