package io.ackgate.gateway.partition.epoch;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.PartitionStatus.Stage;
import io.ackgate.gateway.partition.isr.IsrState;
import io.ackgate.gateway.partition.replicas.Reconciliation;
import io.ackgate.gateway.partition.replicas.ReplicaProgress;
import io.ackgate.gateway.partition.replicas.Replication;
import io.ackgate.gateway.partition.replicas.StandingLog;
import io.ackgate.gateway.partition.role.Context;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides who leads, who is in the ISR and which log counts, and proposes it to the metadata store:
 * everything that is due in one compare-and-set, one at a time. When a log may be given up is told
 * in gateway/docs/adr/0009-no-log-is-given-up-alone.md.
 */
final class IsrChanges {
    private final Context context;
    private final IsrState isr;
    private final Replication replication;
    private final Reconciliation reconciliation;

    /** Log end offset of the leader when the epoch was published. */
    private final long epochStart;

    /** Serial of the last incarnation that this epoch has given; never given twice. */
    private int lastSerial;

    IsrChanges(
            Context context,
            IsrState isr,
            Replication replication,
            Reconciliation reconciliation,
            long epochStart) {
        this.context = context;
        this.isr = isr;
        this.replication = replication;
        this.reconciliation = reconciliation;
        this.epochStart = epochStart;
        // The claim of a first epoch has used as many serials as there are replicas.
        this.lastSerial = isr.committed().replicas().size();
    }

    /**
     * Proposes what has become due.
     *
     * @return why the epoch must be given up: nobody who is left holds what its leader held, or
     *     nobody holds anything, and a takeover tells what there is; null otherwise
     */
    @Nullable String propose() {
        if (isr.changing()) {
            return null;
        }
        PartitionState committed = isr.committed();
        PartitionState next = committed;
        NodeId leader = committed.leader().orElseThrow();
        replaceDamaged(leader);
        lookAtMembers(committed);
        String leaderFault = leaderFault();
        if (leaderFault != null) {
            Optional<NodeId> successor = successor(leader);
            if (successor.isPresent()) {
                leader = successor.get();
                next = next.with(leader, next.replicas());
            } else if (replication.leader().stage() != Stage.RECONCILED && aMemberIsUp()) {
                return "the leader is gone (" + leaderFault + ") and nobody has all of its log";
            } else if (nobodyHasALog()) {
                return "no replica has a log that can be used any more";
            } else if (context.settings.uncleanWhenAllAnswered() && onlyOthersHaveLogs()) {
                return "no member of the ISR has a log that counts, and all replicas have answered";
            }
        }
        keepUnnamed(leader);
        for (ReplicaRef ref : committed.replicas()) {
            // A state is built for what changes only: this runs after every answer.
            ReplicaRef judged = ref.node().equals(leader) ? ref : judge(ref, leader);
            if (!judged.equals(ref)) {
                next = next.withReplica(judged);
            }
        }
        askAgain(next);
        if (!next.equals(committed)) {
            isr.propose(next, leaderFault == null ? "" : leaderFault);
        }
        return null;
    }

    /** Who is at the log end offset now does not lag. */
    private void lookAtMembers(PartitionState committed) {
        for (ReplicaRef ref : committed.replicas()) {
            ReplicaProgress replica = replication.replica(ref.node());
            if (ref.inSync() && replica != null) {
                replica.lookedAt(replication.log().end(), context.watched);
            }
        }
    }

    /** How a replica is to be named by the next state. A new log takes the next serial. */
    private ReplicaRef judge(ReplicaRef ref, NodeId leader) {
        ReplicaProgress replica = replication.replica(ref.node());
        if (replica == null) {
            return ref;
        }
        if (isDue(replica) && mayBeReplaced(replica, leader)) {
            return ref.withIncarnation(Incarnation.of(isr.committed().leaderEpoch(), ++lastSerial));
        }
        if (ref.inSync()) {
            // Without anybody who is reconciled, what is left might be one disk that never returns,
            // while those who left hold everything.
            return fault(replica) != null && aMemberStays(leader, replica)
                    ? ref.withInSync(false)
                    : ref;
        }
        return mayEnterIsr(replica, ref) ? ref.withInSync(true) : ref;
    }

    // ---- logs that are lost

    /**
     * Lets a log go that is damaged and in use, if another member is known to be whole. Otherwise
     * it goes on: what is whole in it may stand nowhere else. For the same reason one is made anew
     * at a time, and none while another replica is not back in the ISR.
     */
    private void replaceDamaged(NodeId leader) {
        for (ReplicaProgress replica : replication.replicas()) {
            if (replica.isReconciled()
                    && replica.isDamaged()
                    && !replica.node().equals(leader)
                    && aWholeMemberStays(leader, replica)
                    && allOthersAreInSync(replica)) {
                reconciliation.replace(replica);
            }
        }
    }

    /**
     * Keeps the records of a log that the state does not name any more, if what they would be made
     * from is damaged: an earlier owner may have let it go beside one that was whole at that time.
     */
    private void keepUnnamed(NodeId leader) {
        for (ReplicaProgress replica : replication.replicas()) {
            if (replica.isUnnamed()
                    && isDue(replica)
                    && anotherMember(leader, replica, completeFrom(), true)
                    && !aWholeMemberStays(leader, replica)) {
                reconciliation.keep(replica);
            }
        }
    }

    private boolean allOthersAreInSync(ReplicaProgress replica) {
        return isr.committed().replicas().stream()
                .filter(ref -> !ref.node().equals(replica.node()))
                .allMatch(ref -> ref.inSync() && isReconciled(ref));
    }

    private boolean isReconciled(ReplicaRef ref) {
        ReplicaProgress replica = replication.replica(ref.node());
        return replica != null && replica.logEndOf(ref) >= 0;
    }

    private boolean isDue(ReplicaProgress replica) {
        return replica.stage() == Stage.LOST && replica.hasWaited(context.now, 0);
    }

    /** Whether a log that is lost may leave the ISR for good, and its place be given to another. */
    private boolean mayBeReplaced(ReplicaProgress replica, NodeId leader) {
        return replica.log().isKept()
                ? aMemberStays(leader, replica) || noMemberCounts()
                : mayBeginEmpty(replica, leader);
    }

    /**
     * Whether a log that has a new incarnation by now may be assigned it: an empty log takes the
     * place of what stands there only if another member is known to hold everything.
     */
    boolean mayBeAssigned(ReplicaProgress replica) {
        NodeId leader = isr.committed().leader().orElseThrow();
        return replica.log().isKept() || mayBeginEmpty(replica, leader);
    }

    /**
     * Whether an empty log may stand where a replica's does. Where there is none to be replaced,
     * the member to make it from may be damaged: nothing is lost by it that can be read now.
     */
    private boolean mayBeginEmpty(ReplicaProgress replica, NodeId leader) {
        return aWholeMemberStays(leader, replica)
                || (hasNothingToLose(replica)
                        && anotherMember(leader, replica, completeFrom(), true));
    }

    /**
     * Whether no log stands there, and none is named by the stored ISR or by one that may be stored
     * already. A member has to leave the ISR first.
     */
    private boolean hasNothingToLose(ReplicaProgress replica) {
        return replica.isMissing()
                && isr.maximal().stream().noneMatch(ref -> ref.node().equals(replica.node()));
    }

    /** A log that ends here or further on holds all that may be committed. */
    private long completeFrom() {
        return Math.max(replication.highWatermark(), epochStart);
    }

    /**
     * Whether another member than {@code replica} is reconciled on its present stream and is not
     * about to leave.
     */
    private boolean aMemberStays(NodeId leader, ReplicaProgress replica) {
        return anotherMember(leader, replica, 0, true);
    }

    /**
     * The same of one that holds all that may be committed, as far as is known, and what a damaged
     * log that is let go has acknowledged with acks=1 while it led.
     */
    private boolean aWholeMemberStays(NodeId leader, ReplicaProgress replica) {
        StandingLog log = replica.log();
        long end = Math.max(log.acknowledgedAsLeader(replica.logEnd()), log.discardedEnd());
        return anotherMember(leader, replica, Math.max(completeFrom(), end), false);
    }

    private boolean anotherMember(
            NodeId leader, ReplicaProgress replica, long logEnd, boolean mayBeDamaged) {
        for (ReplicaRef ref : isr.committed().isr()) {
            ReplicaProgress member = replication.replica(ref.node());
            if (member != null
                    && member != replica
                    && member.logEndOf(ref) >= logEnd
                    && (mayBeDamaged || !member.isDamaged())
                    && (ref.node().equals(leader) || fault(member) == null)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether each member has said itself that its log is not the one that the ISR names. The
     * stored ISR elects nobody any more then; this owner still knows what the log is, and can vouch
     * for those that have kept it.
     */
    private boolean noMemberCounts() {
        return isr.committed().isr().stream()
                .map(ref -> replication.replica(ref.node()))
                .allMatch(replica -> replica != null && replica.hasLostItsLog());
    }

    /** Whether each replica, in sync or not, has said itself that it has no log to go on with. */
    private boolean nobodyHasALog() {
        return replication.replicas().stream()
                .allMatch(replica -> replica.hasLostItsLog() && !replica.log().isKept());
    }

    /**
     * Whether no member of the ISR has a log that counts, and each replica has shown what log it
     * has, or that it has none, and will not have all that is committed in this epoch. Such an
     * owner waits for nobody; a takeover elects without an operator, where the topic allows it. A
     * faulty log may be whole, and is waited for.
     */
    private boolean onlyOthersHaveLogs() {
        return isr.committed().replicas().stream().allMatch(this::isOfNoUse);
    }

    private boolean isOfNoUse(ReplicaRef ref) {
        ReplicaProgress replica = replication.replica(ref.node());
        if (replica == null) {
            return false;
        }
        if (replica.hasLostItsLog()) {
            return replica.hasShownWhatIsLost() && !isToBeNamed(replica);
        }
        return !ref.inSync()
                && (replica.awaitsLeader() || (replica.isReconciled() && !getsAll(replica)));
    }

    /** Whether this owner vouches for a log that is lost: its replica begins again with it. */
    private boolean isToBeNamed(ReplicaProgress replica) {
        return replica.log().isKept() && replica != replication.leader();
    }

    /**
     * Whether memory has all that a reconciled replica lacks: it enters the ISR, and may lead then.
     */
    private boolean getsAll(ReplicaProgress replica) {
        return replica.nextOffset() >= replication.log().start() && fault(replica) == null;
    }

    /**
     * Fences those again whose log is lost and may not be replaced: what was wrong may have passed.
     */
    private void askAgain(PartitionState next) {
        for (ReplicaProgress replica : replication.replicas()) {
            if (replica.stage() == Stage.LOST
                    && replica.hasWaited(context.now, context.settings.casRetryNanos())
                    && next.replica(replica.node())
                            .equals(isr.committed().replica(replica.node()))) {
                reconciliation.fence(replica);
            }
        }
    }

    // ---- members and their faults

    /**
     * The rule of re-admission: reconciled in this epoch on the present stream, in the incarnation
     * that is to be written, and durable up to both the high watermark and the end of the leader's
     * log at the start of the epoch. The high watermark alone does not suffice: a new owner knows
     * only a lower bound of what was committed before it.
     */
    private boolean mayEnterIsr(ReplicaProgress replica, ReplicaRef ref) {
        return replica.isReconciled()
                && replica.logEndOf(ref) >= completeFrom()
                && replica.nextOffset() >= replication.log().start();
    }

    /** Why a member must leave the ISR; null if it need not. */
    private @Nullable String fault(ReplicaProgress replica) {
        if (replica.stage() == Stage.LOST) {
            return "its log is lost";
        }
        if (replica.isDown(context.watched, context.settings.disconnectGraceNanos())) {
            return "its stream is down";
        }
        if (replica.refuses(context.watched, context.settings.disconnectGraceNanos())) {
            return "it refuses what it is sent";
        }
        if (replica.lags(
                replication.log().end(), context.watched, context.settings.lagMaxNanos())) {
            return "it has not caught up for replica.lag.time.max.ms";
        }
        return null;
    }

    /**
     * Why another member should lead; null if none need. A leader whose disk gives nothing, or not
     * all, stays in the ISR, since what it was sent is on it: another one is only asked in its
     * place.
     */
    private @Nullable String leaderFault() {
        ReplicaProgress leader = replication.leader();
        String fault = fault(leader);
        if (fault == null && failsReads(leader)) {
            return "its disk cannot be read";
        }
        return fault == null && leader.isDamaged() ? "its log is damaged" : fault;
    }

    private boolean failsReads(ReplicaProgress replica) {
        return replica.failsReads(
                context.watched,
                context.settings.disconnectGraceNanos(),
                context.settings.lagMaxNanos());
    }

    /**
     * The member that holds most, provided that memory holds what it lacks. One whose log is
     * damaged, or whose own disk could not be read lately, takes the place of a leader that is
     * gone, not of another such one.
     */
    private Optional<NodeId> successor(NodeId leader) {
        boolean leaderIsGone = fault(replication.leader()) != null;
        return successor(leader, true).or(() -> successor(leader, !leaderIsGone));
    }

    private Optional<NodeId> successor(NodeId leader, boolean readable) {
        ReplicaProgress best = null;
        for (ReplicaRef ref : isr.committed().isr()) {
            ReplicaProgress replica = replication.replica(ref.node());
            if (replica == null
                    || ref.node().equals(leader)
                    || replica.logEndOf(ref) < replication.log().start()
                    || fault(replica) != null
                    || (readable && (replica.isDamaged() || failsReads(replica)))) {
                continue;
            }
            if (best == null || replica.logEnd() > best.logEnd()) {
                best = replica;
            }
        }
        return Optional.ofNullable(best).map(replica -> replica.node());
    }

    private boolean aMemberIsUp() {
        return isr.committed().isr().stream()
                .map(ref -> replication.replica(ref.node()))
                .anyMatch(replica -> replica != null && replica.isReconciled());
    }
}
