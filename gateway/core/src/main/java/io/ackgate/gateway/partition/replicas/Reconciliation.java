package io.ackgate.gateway.partition.replicas;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.InvariantBrokenException;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionStatus.Stage;
import io.ackgate.gateway.partition.isr.IsrState;
import io.ackgate.gateway.partition.replicas.ReplicaProgress.LostLog;
import io.ackgate.gateway.partition.role.Context;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.KnownProducers;
import io.ackgate.storage.api.LogOutline;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import org.jspecify.annotations.Nullable;

/**
 * Brings a replica to the owner's log, on every new stream and after every refusal: fence, cut it
 * where its epoch chain leaves the leader's, reconcile. A log that does not count gets a new
 * incarnation first.
 */
public final class Reconciliation {
    private final Context context;
    private final int epoch;
    private final IsrState isr;
    private final Replication replication;
    private final LogProducers producers;

    /** The state that began this epoch. */
    private final PartitionState published;

    private @Nullable String leaderIsWrong;

    public Reconciliation(
            Context context,
            int epoch,
            IsrState isr,
            Replication replication,
            LogProducers producers) {
        this.context = context;
        this.epoch = epoch;
        this.isr = isr;
        this.replication = replication;
        this.producers = producers;
        this.published = isr.committed();
    }

    /**
     * What a replica calls committed and the owner's log lacks, in words; null while that has not
     * been met. The epoch must end then, and no replica is brought to such a log.
     */
    public @Nullable String leaderIsWrong() {
        return leaderIsWrong;
    }

    /** Starts over with a replica on a stream that has just opened. */
    public void fence(ReplicaProgress replica) {
        long stream = context.stream(replica.node());
        if (stream == 0) {
            replica.toDown(context.watched);
            return;
        }
        replica.toFencing(context.watched);
        context.send(replica.node(), stream, new StorageRequest.Fence(context.id, epoch));
    }

    public void fenced(ReplicaProgress replica, StorageAnswer.Fenced fenced) {
        if (!replica.isFencing()) {
            return;
        }
        StandingLog log = replica.log();
        ReplicaRef ref = isr.committed().replica(replica.node()).orElseThrow();
        boolean named = fenced.incarnation().equals(ref.incarnation());
        if (named && log.isKept() && log.isDamaged()) {
            // Its node says that it is damaged only when it has reconciled.
            log.keptAs(fenced.incarnation());
        }
        log.answered(fenced.incarnation());
        log.lackedFrom(replication.outline().lackedEpoch(fenced));
        if (!named && (log.isDamaged() || log.isDiscarded())) {
            // It was let go for its damage alone, and has not heard of it.
            leave(replica, true, log.damage().detail());
            return;
        }
        if (!named || fenced.incarnation().equals(Incarnation.NONE)) {
            // A log that is void, or that no state names since an unclean election, may be cut to
            // the leader's, unless the election has decided against what it holds: if a state named
            // it, it would prove the leader wrong to the next owner.
            boolean contrary = replication.outline().lacks(fenced) != null && isDecidedAgainst(log);
            boolean unknown =
                    fenced.incarnation().equals(Incarnation.NONE)
                            || ref.incarnation().equals(Incarnation.NONE);
            lost(
                    replica,
                    unknown && !contrary,
                    "its log is %s, %s is expected"
                            .formatted(fenced.incarnation(), ref.incarnation()));
            replica.found(contrary ? LostLog.CONTRARY : LostLog.UNNAMED);
            return;
        }
        reconcile(replica, fenced);
    }

    private void reconcile(ReplicaProgress replica, StorageAnswer.Fenced fenced) {
        LogOutline log = replication.outline();
        String lacking = log.lacks(fenced);
        if (lacking != null) {
            contradicted(replica, lacking);
            return;
        }
        replica.toReconciling();
        if (fenced.logEnd() < log.start()
                || (!isMember(replica) && log.mayPartBelowStart(fenced))) {
            // Nothing that it holds is in the leader's log any more, or is known to have been.
            truncateFully(replica);
            return;
        }
        long cut = log.agreesUpTo(fenced);
        if (cut < fenced.logEnd()) {
            context.happened(
                    new PartitionEvent.ReplicaReconciled(replica.node(), cut, fenced.logEnd()));
        }
        replication.send(
                replica,
                new StorageRequest.Reconcile(context.id, epoch, replica.log().incarnation(), cut));
    }

    /**
     * Whether an unclean election has decided against what a log holds and the leader's lacks: that
     * was there before it. What was written since then is the leader's too.
     */
    private boolean isDecidedAgainst(StandingLog log) {
        return log.lackedEpoch() < published.lastUncleanEpoch();
    }

    /**
     * A replica calls more committed than the owner's log has. That proves the owner's log wrong,
     * unless an unclean election has decided that the leader's log counts and not this one, which
     * got its incarnation since the publication.
     */
    private void contradicted(ReplicaProgress replica, String lacking) {
        StandingLog log = replica.log();
        boolean named =
                published
                        .replica(replica.node())
                        .orElseThrow()
                        .incarnation()
                        .equals(log.incarnation());
        if (named || !isDecidedAgainst(log)) {
            replica.toFencing(context.watched);
            leaderIsWrong =
                    "%s/%s proves the leader's log wrong: %s"
                            .formatted(replica.node(), log.incarnation(), lacking);
        } else {
            lost(replica, false, "the leader's log is another: " + lacking);
            replica.found(LostLog.CONTRARY);
        }
    }

    /**
     * Retention has taken what it lacks, but not what that told of producers.
     *
     * <p>Retention never passes the high watermark, so a member of the ISR holds what the leader's
     * retention has taken. One that does not has lost something and has to leave the ISR first; and
     * one that does keeps its log, wherever the leader's starts: all below the start is committed,
     * and a member cannot have parted from that. A replica outside the ISR can, below the start
     * where nothing shows it: it was appended to by an owner whose epoch came to nothing.
     */
    private void truncateFully(ReplicaProgress replica) {
        long start = replication.logStart();
        KnownProducers below = producers.below(start);
        if (below == null || isMember(replica) || !replication.leader().isReconciled()) {
            // The leader has still to tell them, or the replica has still to leave the ISR.
            replica.toPausedForLeader(
                    context.now, context.watched, context.settings.casRetryNanos());
            return;
        }
        replication.send(
                replica,
                new StorageRequest.TruncateFullyAndStartAt(
                        context.id, epoch, replica.log().incarnation(), start, below));
    }

    private boolean isMember(ReplicaProgress replica) {
        return isr.maximal().stream().anyMatch(ref -> ref.node().equals(replica.node()));
    }

    /** True if the replica is reconciled by that, and is sent what it lacks. */
    public boolean reconciled(ReplicaProgress replica, StorageAnswer.Reconciled reconciled) {
        if (replica.stage() != Stage.RECONCILING
                || !reconciled.incarnation().equals(replica.log().incarnation())) {
            return false;
        }
        InvariantBrokenException.check(
                reconciled.logEnd() <= replication.log().end(),
                () ->
                        "%s reconciled at %d, beyond the owner's end %d"
                                .formatted(
                                        replica.node(),
                                        reconciled.logEnd(),
                                        replication.log().end()));
        replica.toReconciled(reconciled.logEnd(), replication.log().end(), context.watched);
        replication.send(
                replica,
                new StorageRequest.Configure(context.id, epoch, context.settings.replica()));
        context.happened(
                new PartitionEvent.ReplicaReconciled(
                        replica.node(), reconciled.logEnd(), reconciled.logEnd()));
        replication.pumpAfter(replica);
        return true;
    }

    /** Its node has no log: one that begins empty takes the place of nothing. */
    public void missing(ReplicaProgress replica) {
        lost(replica, false, "it has no such replica");
        replica.found(LostLog.MISSING);
    }

    /** Its log does not count: the owner records a new incarnation for it. */
    public void lost(ReplicaProgress replica, boolean keepLog, String reason) {
        boolean knownToBe = replica.stage() == Stage.LOST;
        replica.forgetLog();
        if (knownToBe) {
            // Each append under way says it again; that delays nothing.
            replica.log().keep(replica.log().isKept() && keepLog);
            return;
        }
        leave(replica, keepLog, reason);
    }

    /** A part of a log that is in use is lost: the owner decides whether it is let go. */
    public void damaged(ReplicaProgress replica, Incarnation log, String detail) {
        boolean knownToBe = replica.isDamaged();
        replica.log().damage().isSaidOf(log, detail);
        tellOfDamage(replica, knownToBe);
    }

    /** A read came to bytes that are not what they were. */
    public void readCorrupt(ReplicaProgress leader) {
        boolean knownToBe = leader.isDamaged();
        leader.log()
                .damage()
                .isReadIn(leader.log().incarnation(), "its log does not hold what belongs there");
        tellOfDamage(leader, knownToBe);
    }

    private void tellOfDamage(ReplicaProgress replica, boolean knownToBe) {
        if (!knownToBe && replica.isDamaged()) {
            context.happened(
                    new PartitionEvent.ReplicaDamaged(
                            replica.node(), replica.log().damage().detail()));
        }
    }

    /** Its node takes back that a log is damaged. One that has been let go for that may return. */
    public void whole(ReplicaProgress replica, Incarnation log) {
        boolean damaged = replica.isDamaged();
        replica.log().damage().isTakenBackOf(log);
        if (damaged && !replica.isDamaged()) {
            context.happened(new PartitionEvent.ReplicaWhole(replica.node()));
            if (replica.stage() == Stage.LOST) {
                fence(replica);
            }
        }
    }

    /** Lets a damaged log go that might go on, since another one is whole. */
    public void replace(ReplicaProgress replica) {
        replica.log().discarded(replica.logEnd());
        leave(replica, false, replica.log().damage().detail());
    }

    /** Has a log that is lost, and stands there, get its new incarnation with its records. */
    public void keep(ReplicaProgress replica) {
        replica.log().keep(true);
    }

    private void leave(ReplicaProgress replica, boolean keepLog, String reason) {
        context.happened(new PartitionEvent.ReplicaLost(replica.node(), reason));
        replica.toLost(keepLog, context.now, context.watched, context.settings.casRetryNanos());
    }

    /**
     * Sends the assignment of an incarnation that is recorded in the metadata store. The caller has
     * seen to it that a log that is not kept can be made anew from another.
     */
    public void assign(ReplicaProgress replica, Incarnation recorded) {
        if (context.stream(replica.node()) == 0) {
            return;
        }
        replica.toAssigning();
        replication.send(
                replica,
                new StorageRequest.Assign(
                        context.id,
                        epoch,
                        recorded,
                        context.settings.replica(),
                        replica.log().isKept()));
    }

    /** Fences a replica again whose pause is over. */
    public void tick(ReplicaProgress replica) {
        if (replica.stage() == Stage.PAUSED && replica.hasWaited(context.now, 0)) {
            fence(replica);
        }
    }

    /** Something was refused that may pass: start over with a fence after a pause. */
    void pause(ReplicaProgress replica) {
        replica.toPaused(context.now, context.watched, context.settings.casRetryNanos());
    }

    /** Something was refused: once more from the fence, unless that cannot help. */
    public void refused(ReplicaProgress replica, StorageAnswer.Refused refused) {
        boolean reconciling = replica.stage() == Stage.RECONCILING;
        if (reconciling && refused.reason() == StorageAnswer.Refusal.UNSAFE_TRUNCATION) {
            contradicted(replica, "it may not be cut to it: " + refused.detail());
        } else if (replica.isReconciled()
                || reconciling
                || fenceRefused(replica, refused.reason())) {
            context.happened(
                    new PartitionEvent.ReplicaRefused(
                            replica.node(), refused.reason() + " " + refused.detail()));
            pause(replica);
        }
    }

    /** Tells the refusal of a fence from a late one of an append that was sent before it. */
    private static boolean fenceRefused(ReplicaProgress replica, StorageAnswer.Refusal reason) {
        return replica.isFencing()
                && switch (reason) {
                    case STALE_EPOCH,
                            NOT_FENCED,
                            STALE_SESSION,
                            WRONG_INCARNATION,
                            DISK_FULL,
                            STORAGE_ERROR ->
                            true;
                    case NOT_RECONCILED, GAP, CONFLICT, CORRUPT_FRAME, UNSAFE_TRUNCATION -> false;
                };
    }
}
