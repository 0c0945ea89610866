package io.ackgate.simulation.gateway;

import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.simulation.check.Invariant;
import io.ackgate.simulation.check.Violation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads for replicas that catch up: each ends once, before the next one for the same replica. */
final class Turns {
    private record Of(PartitionId partition, NodeId replica) {}

    private final Map<Of, Long> open = new LinkedHashMap<>();

    /** A partition reads; for a consumer if {@code replica} is null. */
    void reads(PartitionId partition, @Nullable NodeId replica, long requestId) {
        if (replica != null && open.put(new Of(partition, replica), requestId) != null) {
            throw new Violation(
                    Invariant.EVERYTHING_ENDS, partition + " reads twice at a time for " + replica);
        }
    }

    void ended(PartitionId partition, PartitionEffect.ReadBackEnded ended) {
        if (!open.remove(new Of(partition, ended.replica()), ended.requestId())) {
            throw new Violation(
                    Invariant.EVERYTHING_ENDS,
                    "%s ends read %d for %s, which is not under way"
                            .formatted(partition, ended.requestId(), ended.replica()));
        }
    }

    /** Reads that have not ended. */
    List<String> open() {
        return open.keySet().stream().map(of -> "a read for a replica of " + of).toList();
    }
}
