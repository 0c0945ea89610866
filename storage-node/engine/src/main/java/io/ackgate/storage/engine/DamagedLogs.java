package io.ackgate.storage.engine;

import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.checkpoint.ReplicaEntry;
import io.ackgate.storage.log.LogScrub;
import io.ackgate.storage.log.PartitionLog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    /**
     * What a look at a log has come to, from its beginning to its end.
     *
     * @param since {@link #met} at its beginning
     * @param upTo see {@link LogScrub#lookedUpTo}
     * @param rotten whether bytes in it are not what they were
     * @param failures segments that could not be read, by the names of their files, ascending
     */
    record Look(
            long since, long upTo, boolean rotten, Map<String, UnreadSegments.Failure> failures) {
        /** Below it stands all that could not be read. */
        long unreadBelow() {
            return failures.values().stream()
                    .mapToLong(UnreadSegments.Failure::end)
                    .max()
                    .orElse(0);
        }
    }

    private final EngineContext context;
    private final Map<Replica, DamagedLog> damaged = new LinkedHashMap<>();
    private final WholeLogs whole;
    private final NotedDamage noted;

    /** Logs of which the journal does not say yet what is known. */
    private final Map<Replica, PartitionLog> unnoted = new LinkedHashMap<>();

    private final UnreadSegments unread = new UnreadSegments();
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
            damaged.put(replica, new DamagedLog(log, before.below(), before.fault(), detail));
            context.tell("%s is rotten: %s".formatted(replica.partition(), detail));
        }
    }

    /** Has the journal say what has been found, or taken back, since the last call. */
    void note() {
        noted.forgetOthers();
        unnoted.entrySet().removeIf(one -> !stands(one.getKey(), one.getValue()) || isNoted(one));
    }

    private boolean isNoted(Map.Entry<Replica, PartitionLog> one) {
        DamagedLog known = known(one.getKey(), one.getValue());
        return noted.note(one.getKey(), known == null ? null : known.entry());
    }

    /** What is known of this very log; null if that is nothing. */
    private @Nullable DamagedLog known(Replica replica, PartitionLog log) {
        DamagedLog known = damaged.get(replica);
        return known == null || known.log() != log ? null : known;
    }

    /** Whether a replica is there, and has this log. */
    boolean stands(Replica replica, PartitionLog log) {
        return context.replicas().get(replica.partition()) == replica && replica.usableLog() == log;
    }

    /**
     * The scrubber has come to bytes that are not what they were.
     *
     * @param path the file
     * @param offset at or before which they stand, or in the batch that holds it
     */
    void corrupt(Replica replica, PartitionLog log, String path, long offset, String detail) {
        found(replica, log, path, offset + 1, Fault.CORRUPT, detail);
    }

    /**
     * A read or a search has come to such bytes. The asker knows it of this epoch; each later owner
     * is told. Of a log that is known to be damaged that says nothing new to an owner, wherever it
     * is; a look that is under way may have passed the place already.
     *
     * @param offset at or before which they stand, or in the batch that holds it
     */
    void readCorrupt(Replica replica, PartitionLog log, long offset, String detail) {
        DamagedLog known = known(replica, log);
        if (known == null) {
            known = add(replica, new DamagedLog(log, offset + 1, Fault.CORRUPT, detail));
            tellOperator(replica, detail);
        }
        known.read(offset + 1, ++met);
        unnoted.put(replica, log);
    }

    /** The time by which a look at a log begins. */
    long met() {
        return met;
    }

    /**
     * A log has been looked at, and what is corrupt in it is known. That says nothing of what a
     * read came to meanwhile, nor of what the look has not come to.
     */
    void lookedAt(Replica replica, PartitionLog log, Look look) {
        Map<String, UnreadSegments.Failure> lost = unread.noted(replica, log, look.failures());
        lost.forEach((path, failure) -> lost(replica, log, path, failure));
        if (lost.isEmpty() && !look.failures().isEmpty()) {
            context.tell(
                    "%s: %d segments cannot be read, and are looked at again in the next round: %s"
                            .formatted(
                                    replica.partition(),
                                    look.failures().size(),
                                    look.failures().values().iterator().next().why()));
        }
        DamagedLog known = known(replica, log);
        if (known == null || !known.seen(look.since(), look.upTo())) {
            return;
        }
        if (look.rotten() || !look.failures().isEmpty()) {
            known.wholeFrom(look.unreadBelow());
        } else {
            isWhole(replica, known);
        }
    }

    private void lost(
            Replica replica, PartitionLog log, String path, UnreadSegments.Failure failure) {
        String detail = "%s cannot be read, in two rounds: %s".formatted(path, failure.why());
        found(replica, log, path, failure.end(), Fault.IO_ERROR, detail);
    }

    /** What was said is taken back, where it was said to the owner of the present epoch. */
    private void isWhole(Replica replica, DamagedLog known) {
        damaged.remove(replica);
        unnoted.put(replica, known.log());
        context.tell("%s is whole, it was: %s".formatted(replica.partition(), known.detail()));
        known.takeBack(replica, whole);
    }

    /** Retention, or a leader's log start, may have passed all that is lost of a log. */
    private void takeBackWhatIsDeleted(Replica replica) {
        DamagedLog known = damaged.get(replica);
        if (known != null && known.deleted()) {
            isWhole(replica, known);
        }
    }

    /**
     * Logs of which the log start has passed all that is known to be lost, and of which no look has
     * come to the end since: until one has they are as damaged as before.
     */
    List<Replica> takeToBeLookedAt() {
        return damaged.entrySet().stream()
                .filter(one -> one.getValue().takeToBeLookedAt())
                .map(Map.Entry::getKey)
                .toList();
    }

    private void found(
            Replica replica,
            PartitionLog log,
            String path,
            long below,
            Fault fault,
            String detail) {
        DamagedLog known = known(replica, log);
        if (known == null) {
            known = add(replica, new DamagedLog(log, below, fault, detail));
        }
        unnoted.put(replica, log);
        if (known.found(path, below, fault, detail)) {
            tellOperator(replica, detail);
        }
    }

    private DamagedLog add(Replica replica, DamagedLog one) {
        damaged.put(replica, one);
        whole.remove(replica);
        return one;
    }

    private void tellOperator(Replica replica, String detail) {
        found++;
        context.tell("%s is rotten: %s".formatted(replica.partition(), detail));
    }

    /** Tells each owner that does not know. */
    void tell(Answers out) {
        whole.tell(out);
        damaged.entrySet().removeIf(one -> !stands(one.getKey(), one.getValue().log()));
        unread.forgetUnless(this::stands);
        if (!damaged.isEmpty()) {
            List.copyOf(damaged.keySet()).forEach(this::takeBackWhatIsDeleted);
        }
        for (Map.Entry<Replica, DamagedLog> one : damaged.entrySet()) {
            if (!one.getKey().changing()) {
                one.getValue().tell(one.getKey(), out);
            }
        }
    }

    /** Tells the owner that has reconciled, whose reconcile is about to be answered. */
    void reconciled(Replica replica, Answers out) {
        takeBackWhatIsDeleted(replica);
        DamagedLog known = damaged.get(replica);
        if (known != null && stands(replica, known.log())) {
            known.tell(replica, out);
        }
    }

    /** How often a log was found to be damaged that was not known to be, or in another segment. */
    long found() {
        return found;
    }

    /** Replicas that are known to be damaged, and stand here still. */
    int size() {
        return damaged.size();
    }
}
