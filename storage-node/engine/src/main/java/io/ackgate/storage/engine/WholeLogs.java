package io.ackgate.storage.engine;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.log.PartitionLog;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Logs that were called damaged in their epoch and are whole, as a later look has found. Their
 * owner goes on taking them for damaged until it hears of it: on whichever stream it comes.
 */
final class WholeLogs {
    private static final class Whole {
        final PartitionLog log;
        final int epoch;
        final Incarnation incarnation;
        @Nullable StreamSession told;

        Whole(PartitionLog log, int epoch, Incarnation incarnation) {
            this.log = log;
            this.epoch = epoch;
            this.incarnation = incarnation;
        }

        /** Whether the log is there still, under the name and in the epoch it was spoken of. */
        boolean concerns(Replica replica) {
            return replica.usableLog() == log
                    && replica.epoch() == epoch
                    && replica.incarnation().equals(incarnation);
        }
    }

    private final EngineContext context;
    private final Map<Replica, Whole> whole = new LinkedHashMap<>();

    WholeLogs(EngineContext context) {
        this.context = context;
    }

    /**
     * A log has been looked at from end to end, since it was last called damaged.
     *
     * @param epoch whose owner was told that it is damaged
     * @param incarnation under which it was told of
     */
    void add(Replica replica, PartitionLog log, int epoch, Incarnation incarnation) {
        whole.put(replica, new Whole(log, epoch, incarnation));
    }

    /** It is damaged, again or now. */
    void remove(Replica replica) {
        whole.remove(replica);
    }

    /** Tells each owner that does not know, on each stream once. */
    void tell(Answers out) {
        whole.entrySet().removeIf(one -> !stands(one.getKey(), one.getValue()));
        for (Map.Entry<Replica, Whole> one : whole.entrySet()) {
            Replica replica = one.getKey();
            Whole found = one.getValue();
            StreamSession owner = replica.changing() ? null : replica.reconciledBy();
            if (owner != null && !owner.equals(found.told)) {
                found.told = owner;
                out.answer(
                        owner,
                        new StorageAnswer.Whole(
                                replica.partition(), found.epoch, found.incarnation));
            }
        }
    }

    private boolean stands(Replica replica, Whole found) {
        return context.replicas().get(replica.partition()) == replica && found.concerns(replica);
    }
}
