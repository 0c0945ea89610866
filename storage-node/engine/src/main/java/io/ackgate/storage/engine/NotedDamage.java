package io.ackgate.storage.engine;

import io.ackgate.storage.checkpoint.ReplicaEntry.Damage;
import io.ackgate.storage.journal.JournalRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What checkpoint and journal say of damage in logs that are in use, so that a start knows what was
 * known before it: at any moment the same that they would give, synced or not.
 */
final class NotedDamage {
    /** Of which log it was noted: another one of the replica has no part in it. */
    private record Noted(long logSerial, Damage damage) {}

    private final EngineContext context;
    private final Map<Replica, Noted> noted = new LinkedHashMap<>();

    NotedDamage(EngineContext context) {
        this.context = context;
    }

    /** A start has found this. */
    void found(Replica replica, @Nullable Damage damage) {
        if (damage != null) {
            noted.put(replica, new Noted(replica.logSerial(), damage));
        }
    }

    /** What is noted of the log that a replica has, in use or not; null if nothing is. */
    @Nullable Damage of(Replica replica) {
        Noted one = noted.get(replica);
        return one == null || one.logSerial() != replica.logSerial() ? null : one.damage();
    }

    /** Notes what is known now; returns false if the journal has no room for it. */
    boolean note(Replica replica, @Nullable Damage damage) {
        if (Objects.equals(damage, of(replica))) {
            return true;
        }
        if (context.journal().failed() || !context.journal().roomForControl()) {
            return false;
        }
        if (damage == null) {
            context.journal().add(new JournalRecord.Whole(replica.partition()));
            noted.remove(replica);
        } else {
            context.journal()
                    .add(
                            new JournalRecord.Damaged(
                                    replica.partition(), damage.fault(), damage.below()));
            noted.put(replica, new Noted(replica.logSerial(), damage));
        }
        return true;
    }

    /** Forgets replicas that are here no more, and logs that are others by now. */
    void forgetOthers() {
        noted.keySet()
                .removeIf(
                        replica ->
                                context.replicas().get(replica.partition()) != replica
                                        || of(replica) == null);
    }
}
