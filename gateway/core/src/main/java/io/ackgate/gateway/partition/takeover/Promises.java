package io.ackgate.gateway.partition.takeover;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.epoch.Promise;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.LogOutline;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answers to a fence that count: those of the very logs that a state names. */
final class Promises {
    private final Map<NodeId, StorageAnswer.Fenced> answers = new HashMap<>();

    private Promises() {}

    public static Promises named(PartitionState state, Map<NodeId, Promise> given) {
        Promises named = new Promises();
        for (ReplicaRef ref : state.replicas()) {
            Promise promise = given.get(ref.node());
            // No log has the incarnation NONE: it says that the log needs another one.
            if (promise != null
                    && !ref.incarnation().equals(Incarnation.NONE)
                    && promise.fenced().incarnation().equals(ref.incarnation())) {
                named.answers.put(ref.node(), promise.fenced());
            }
        }
        return named;
    }

    /** The answer of the log that the state names on a node; null when there is none. */
    public StorageAnswer.@Nullable Fenced of(NodeId node) {
        return answers.get(node);
    }

    /** At least 0. */
    long greatestHighWatermark() {
        return answers.values().stream()
                .mapToLong(StorageAnswer.Fenced::highWatermark)
                .max()
                .orElse(0);
    }

    /**
     * Why the log on a node, which has answered, cannot be the leader's: another calls committed
     * what it lacks. Null if none does.
     */
    @Nullable String contradiction(NodeId node) {
        StorageAnswer.Fenced log = answers.get(node);
        if (log == null) {
            throw new IllegalArgumentException(node + " has not answered for the log named");
        }
        LogOutline outline = LogOutline.of(log);
        for (Map.Entry<NodeId, StorageAnswer.Fenced> other : answers.entrySet()) {
            String lacking = outline.lacks(other.getValue());
            if (lacking != null) {
                return "%s/%s proves the log of %s wrong: %s"
                        .formatted(other.getKey(), other.getValue().incarnation(), node, lacking);
            }
        }
        return null;
    }
}
