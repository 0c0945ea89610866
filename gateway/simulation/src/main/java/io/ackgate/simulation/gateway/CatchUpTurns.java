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
final class CatchUpTurns {
    private record Of(PartitionId partition, NodeId replica) {}

    private record Turn(long requestId, long begun) {}

    private final Map<Of, Turn> open = new LinkedHashMap<>();

    /** A partition reads; for a consumer if {@code replica} is null. */
    void reads(PartitionId partition, @Nullable NodeId replica, long requestId, long now) {
        if (replica != null
                && open.put(new Of(partition, replica), new Turn(requestId, now)) != null) {
            throw new Violation(
                    Invariant.EVERYTHING_ENDS, partition + " reads twice at a time for " + replica);
        }
    }

    void ended(PartitionId partition, PartitionEffect.ReadBackEnded ended) {
        Turn turn = open.remove(new Of(partition, ended.replica()));
        if (turn == null || turn.requestId() != ended.requestId()) {
            throw new Violation(
                    Invariant.EVERYTHING_ENDS,
                    "%s ends read %d for %s, which is not under way"
                            .formatted(partition, ended.requestId(), ended.replica()));
        }
    }

    /** Reads that have not ended. */
    List<String> open() {
        return open.keySet().stream().map(CatchUpTurns::told).toList();
    }

    private static String told(Of one) {
        return "a read for a replica of " + one;
    }

    /** Reads that began before {@code then} and have not ended. */
    List<String> openSince(long then) {
        return open.entrySet().stream()
                .filter(one -> one.getValue().begun() - then < 0)
                .map(one -> told(one.getKey()))
                .toList();
    }
}
