package io.ackgate.storage.engine;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.checkpoint.ReplicaEntry;
import io.ackgate.storage.log.LogScrub;
import io.ackgate.storage.log.PartitionLog;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Logs in which bytes are lost, as the scrubber or a read has found. They stay in use, since all
 * that is whole in them can be read and may stand nowhere else.
 *
 * <p>Each owner is told once, when its stream reconciles in an epoch and in front of the answer to
 * that, since it takes a log for whole from then on: it remembers, and has the log made anew as
 * soon as another one is known to be whole. It is told as well when a later look finds that the log
 * is whole. A later start of the node knows what was known, see {@link NotedDamage}.
 */
final class DamagedLogs {
    /** What is wrong with a log, and who knows. */
    private static final class Damage {
        final PartitionLog log;
        final Fault fault;
        final String detail;

        /** It stands below this offset, as far as is known. */
        long below;

        @Nullable Told told;

        /** When a read came to it last, by {@link DamagedLogs#met}. */
        long met;

        Damage(PartitionLog log, long below, Fault fault, String detail) {
            this.log = log;
            this.below = below;
            this.fault = fault;
            this.detail = detail;
        }
    }

    /** To whom it was said, and of which log: one that is kept may get another incarnation. */
    private record Told(StreamSession owner, int epoch, Incarnation incarnation) {}

    /**
     * Why a segment could not be read.
     *
     * @param end of the segment
     */
    record Failure(IOException why, long end) {}

    /** Segments of a log that could not be read, by the names of their files. */
    private record Unread(PartitionLog log, Set<String> segments) {}

    private final EngineContext context;
    private final Map<Replica, Damage> damaged = new LinkedHashMap<>();
    private final WholeLogs whole;
    private final NotedDamage noted;

    /** Logs of which the journal does not say yet what is known. */
    private final Map<Replica, PartitionLog> unnoted = new LinkedHashMap<>();

    /** When the logs were looked at last. */
    private final Map<Replica, Unread> unread = new LinkedHashMap<>();

    private long found;

    /** Numbers the reads that came to bytes that are lost. */
    private long met;

    DamagedLogs(EngineContext context) {
        this.context = context;
        this.whole = new WholeLogs(context);
        this.noted = new NotedDamage(context);
    }

    /** What a later start will know. */
    NotedDamage noted() {
        return noted;
    }

    /** A start has found the replica, and knows this of its log from the time before. */
    void foundBefore(Replica replica, ReplicaEntry.@Nullable Damage before) {
        noted.found(replica, before);
        PartitionLog log = replica.usableLog();
        if (before != null && log != null) {
            String detail =
                    before.fault() == Fault.CORRUPT
                            ? "bytes below offset %d were not what they had been"
                            : "bytes below offset %d could not be read";
            detail = detail.formatted(before.below()) + ", before the node was started";
            damaged.put(replica, new Damage(log, before.below(), before.fault(), detail));
            context.tell("%s is rotten: %s".formatted(replica.partition(), detail));
        }
    }

    /** Has the journal say what has been found, or taken back, since the last call. */
    void note() {
        noted.forgetOthers();
        unnoted.entrySet().removeIf(one -> !stands(one.getKey(), one.getValue()) || isNoted(one));
    }

    private boolean isNoted(Map.Entry<Replica, PartitionLog> one) {
        Damage known = damaged.get(one.getKey());
        return noted.note(
                one.getKey(),
                known == null || known.log != one.getValue()
                        ? null
                        : new ReplicaEntry.Damage(known.fault, known.below));
    }

    /** Whether a replica is there, and has this log. */
    boolean stands(Replica replica, PartitionLog log) {
        return context.replicas().get(replica.partition()) == replica && replica.usableLog() == log;
    }

    /** Bytes at or before an offset, or of the batch that holds it, are not what they were. */
    void corrupt(Replica replica, PartitionLog log, long offset, String detail) {
        found(replica, new Damage(log, offset + 1, Fault.CORRUPT, detail));
    }

    /**
     * A read or a search has come to such bytes. The asker knows it of this epoch; each later owner
     * is told. Of a log that is known to be damaged that says nothing new to an owner, wherever it
     * is; a look that is under way may have passed the place already.
     *
     * @param offset at or before which they stand, or in the batch that holds it
     */
    void readCorrupt(Replica replica, PartitionLog log, long offset, String detail) {
        Damage known = damaged.get(replica);
        if (known == null || known.log != log) {
            corrupt(replica, log, offset, detail);
        } else {
            known.met = ++met;
            known.below = Math.max(known.below, offset + 1);
            unnoted.put(replica, log);
        }
    }

    /** The time by which a look at a log begins. */
    long met() {
        return met;
    }

    /**
     * A log has been looked at, and nothing that could be read is corrupt. That says nothing of
     * what somebody came to meanwhile, nor of what the look has not come to.
     *
     * @param since {@link #met} at the beginning of the look
     * @param upTo see {@link LogScrub#lookedUpTo}
     * @param failures segments that could not be read, and why. What fails once may pass; a segment
     *     that cannot be read in two rounds is lost
     */
    void lookedAt(
            Replica replica,
            PartitionLog log,
            long since,
            long upTo,
            Map<String, Failure> failures) {
        if (failures.isEmpty()) {
            unread.remove(replica);
            isWhole(replica, log, since, upTo);
            return;
        }
        Unread before = unread.put(replica, new Unread(log, Set.copyOf(failures.keySet())));
        for (Map.Entry<String, Failure> failure : failures.entrySet()) {
            if (before != null
                    && before.log() == log
                    && before.segments().contains(failure.getKey())) {
                String detail =
                        "%s cannot be read, in two rounds: %s"
                                .formatted(failure.getKey(), failure.getValue().why());
                long end = failure.getValue().end();
                found(replica, new Damage(log, end, Fault.IO_ERROR, detail));
                return;
            }
        }
        context.tell(
                "%s: %d segments cannot be read, and are looked at again in the next round: %s"
                        .formatted(
                                replica.partition(),
                                failures.size(),
                                failures.values().iterator().next().why()));
    }

    /** What was said is taken back, where it was said to the owner of the present epoch. */
    private void isWhole(Replica replica, PartitionLog log, long since, long upTo) {
        Damage damage = damaged.get(replica);
        if (damage == null || damage.log != log || damage.met > since || damage.below > upTo) {
            return;
        }
        damaged.remove(replica);
        unnoted.put(replica, log);
        context.tell("%s is whole, it was: %s".formatted(replica.partition(), damage.detail));
        Told told = damage.told;
        if (told != null) {
            whole.add(replica, log, told.epoch(), told.incarnation());
        }
    }

    /** Retention, or a leader's log start, may have passed all that is lost of a log. */
    private void takeBackWhatIsDeleted(Replica replica) {
        Damage damage = damaged.get(replica);
        if (damage != null) {
            isWhole(replica, damage.log, Long.MAX_VALUE, damage.log.logStart());
        }
    }

    private void found(Replica replica, Damage damage) {
        Damage known = damaged.get(replica);
        damage.met = ++met;
        unnoted.put(replica, damage.log);
        if (known != null && known.log == damage.log) {
            damage.below = Math.max(damage.below, known.below);
            if (known.detail.equals(damage.detail)) {
                known.met = damage.met;
                known.below = damage.below;
                return;
            }
        }
        damaged.put(replica, damage);
        whole.remove(replica);
        found++;
        context.tell("%s is rotten: %s".formatted(replica.partition(), damage.detail));
    }

    /** Tells each owner that does not know. */
    void tell(Answers out) {
        whole.tell(out);
        damaged.entrySet().removeIf(one -> !stands(one.getKey(), one.getValue().log));
        unread.entrySet().removeIf(one -> !stands(one.getKey(), one.getValue().log()));
        if (!damaged.isEmpty()) {
            List.copyOf(damaged.keySet()).forEach(this::takeBackWhatIsDeleted);
        }
        for (Map.Entry<Replica, Damage> one : damaged.entrySet()) {
            Replica replica = one.getKey();
            Damage damage = one.getValue();
            if (!replica.changing()) {
                tell(replica, damage, out);
            }
        }
    }

    /** Tells the owner that has reconciled, whose reconcile is about to be answered. */
    void reconciled(Replica replica, Answers out) {
        takeBackWhatIsDeleted(replica);
        Damage damage = damaged.get(replica);
        if (damage != null && stands(replica, damage.log)) {
            tell(replica, damage, out);
        }
    }

    private static void tell(Replica replica, Damage damage, Answers out) {
        StreamSession owner = replica.reconciledBy();
        if (owner == null) {
            return;
        }
        Told now = new Told(owner, replica.epoch(), replica.incarnation());
        if (now.equals(damage.told)) {
            return;
        }
        damage.told = now;
        out.answer(
                owner,
                new StorageAnswer.Damaged(
                        replica.partition(),
                        replica.epoch(),
                        replica.incarnation(),
                        damage.fault,
                        damage.detail));
    }

    /** How often a log was found to be damaged that was not known to be, or in another place. */
    long found() {
        return found;
    }

    /** Replicas that are known to be damaged, and stand here still. */
    int size() {
        return damaged.size();
    }
}
