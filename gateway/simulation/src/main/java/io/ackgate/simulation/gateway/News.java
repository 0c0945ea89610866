package io.ackgate.simulation.gateway;

import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.storage.api.PartitionId;
import java.util.HashMap;
import java.util.Map;

/** What a story tells of a gateway's inputs. */
final class News {
    private final Map<PartitionId, Long> toldVersions = new HashMap<>();

    /** Whether a gateway has not been told of it before: of a state as new as this one. */
    boolean is(PartitionId partition, PartitionInput input) {
        if (input instanceof PartitionInput.StateObserved(long version, var stored)) {
            Long before = toldVersions.get(partition);
            if (before != null && before >= version) {
                return false;
            }
            toldVersions.put(partition, version);
        }
        return true;
    }

    static String told(PartitionSettings settings) {
        return " min.insync.replicas %d, %s"
                .formatted(settings.minInsyncReplicas(), settings.replica().durability());
    }

    static String told(PartitionInput input) {
        return input instanceof PartitionInput.Produce produce
                ? "Produce acks=" + produce.acks()
                : input.toString();
    }
}
