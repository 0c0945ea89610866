package io.ackgate.gateway.partition.epoch;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.Mandate;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionEvent.StopCause;
import io.ackgate.gateway.partition.PartitionInput.Answered;
import io.ackgate.gateway.partition.PartitionInput.CasApplied;
import io.ackgate.gateway.partition.PartitionInput.CasRefused;
import io.ackgate.gateway.partition.PartitionInput.CasUnknown;
import io.ackgate.gateway.partition.PartitionStatus.Stage;
import io.ackgate.gateway.partition.isr.Isr;
import io.ackgate.gateway.partition.isr.IsrState;
import io.ackgate.gateway.partition.replicas.Reconciliation;
import io.ackgate.gateway.partition.replicas.ReplicaProgress;
import io.ackgate.gateway.partition.replicas.Replication;
import io.ackgate.gateway.partition.role.Context;
import io.ackgate.gateway.partition.role.Idle;
import io.ackgate.gateway.partition.role.Role;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;

/**
 * What the roles of an epoch's owner share (protocol, steps 6 to 10): streams, replicas and the ISR
 * are looked after in the same way while the owner recovers and while it leads.
 *
 * <p>Owner of the epoch means: no other gateway appends in it, and no offset assigned in it is ever
 * withdrawn. What cannot be kept ends the epoch.
 */
public abstract class EpochRole implements Role {
    protected final Epoch epoch;
    protected final Context context;
    protected final Replication replication;
    private final IsrState isr;
    private final Reconciliation reconciliation;

    protected EpochRole(Epoch epoch) {
        this.epoch = epoch;
        this.context = epoch.context;
        this.replication = epoch.replication;
        this.isr = epoch.isr;
        this.reconciliation = epoch.reconciliation;
    }

    // ---- what differs

    /** A replica reconciled, or holds more than before, or more is committed by what it holds. */
    protected abstract void advanced(ReplicaProgress replica);

    /** The stream of the leader has ended, or another replica leads. */
    protected abstract void leaderGone();

    /** The committed ISR has shrunk, or min.insync.replicas has changed. */
    protected abstract void isrChanged();

    /** The leader has answered a read that is not for a replica. */
    protected abstract void read(StorageAnswer.Records records);

    /** The leader has answered where a timestamp is found. */
    protected abstract void found(StorageAnswer.OffsetListed found);

    /** The leader has told its producer table. Returns the role that goes on. */
    protected abstract EpochRole told(StorageAnswer.Producers producers);

    /** Ends requests whose time is up, and asks again what is due. */
    protected abstract void requestsTick();

    /**
     * Ends all requests.
     *
     * @return how many had been begun
     */
    protected abstract int endRequests(String reason);

    // ---- replicas

    @Override
    public Role sessionOpened(NodeId node, long stream) {
        ReplicaProgress replica = replication.replica(node);
        if (replica != null) {
            if (replica == replication.leader()) {
                leaderGone();
            }
            reconciliation.fence(replica);
        }
        return settle();
    }

    @Override
    public Role streamClosed(NodeId node) {
        ReplicaProgress replica = replication.replica(node);
        if (replica != null) {
            replica.toDown(context.watched);
            if (replica == replication.leader()) {
                leaderGone();
            }
        }
        return settle();
    }

    @Override
    public Role answered(Answered answered) {
        ReplicaProgress replica = replication.replica(answered.node());
        if (replica == null || answered.answer().epoch() != epoch.number) {
            return this;
        }
        switch (answered.answer()) {
            case StorageAnswer.Appended appended -> {
                if (replication.acknowledged(replica, appended)) {
                    advanced(replica);
                }
            }
            case StorageAnswer.Fenced fenced -> reconciliation.fenced(replica, fenced);
            case StorageAnswer.Reconciled reconciled -> {
                if (reconciliation.reconciled(replica, reconciled)) {
                    advanced(replica);
                }
            }
            case StorageAnswer.Missing missing -> reconciliation.missing(replica);
            case StorageAnswer.Faulty faulty ->
                    reconciliation.lost(replica, false, faulty.fault() + ": " + faulty.detail());
            case StorageAnswer.Damaged damaged ->
                    reconciliation.damaged(
                            replica,
                            damaged.incarnation(),
                            damaged.fault() + ": " + damaged.detail());
            case StorageAnswer.Whole whole -> reconciliation.whole(replica, whole.incarnation());
            case StorageAnswer.Refused refused -> {
                if (refused.reason() == StorageAnswer.Refusal.STALE_EPOCH
                        && refused.heldEpoch() > epoch.number) {
                    context.refusedEpoch = Math.max(context.refusedEpoch, refused.heldEpoch());
                    return stop(
                            StopCause.FENCED,
                            "%s is fenced by epoch %d"
                                    .formatted(replica.node(), refused.heldEpoch()));
                }
                reconciliation.refused(replica, refused);
                if (!replica.isReconciled() && replica == replication.leader()) {
                    leaderGone();
                }
            }
            case StorageAnswer.Records records -> {
                if (!epoch.catchUp.records(records)) {
                    read(records);
                }
            }
            case StorageAnswer.OffsetListed found -> found(found);
            case StorageAnswer.Producers producers -> {
                return told(producers).settle();
            }
            case StorageAnswer.Configured _ -> {}
            case StorageAnswer.Deleted deleted ->
                    reconciliation.lost(replica, false, "it was deleted");
        }
        return settle();
    }

    // ---- metadata

    @Override
    public Role casApplied(CasApplied applied) {
        Isr before = isr.now();
        if (isr.applied(applied.attempt(), applied.version())) {
            context.observe(applied.version(), isr.committed());
            committed(before);
        }
        return settle();
    }

    @Override
    public Role casRefused(CasRefused refused) {
        // A late answer to an attempt of an earlier takeover says nothing of this epoch.
        if (refused.stored().leaderEpoch() >= epoch.number && !mine(refused.stored())) {
            return stop(StopCause.SUPERSEDED, "another gateway owns it: " + refused.stored());
        }
        Isr before = isr.now();
        if (isr.refused(refused)) {
            committed(before);
        }
        return settle();
    }

    @Override
    public Role casUnknown(CasUnknown unknown) {
        isr.unknown(unknown.attempt());
        return this;
    }

    @Override
    public Role stateObserved() {
        PartitionState stored = context.observed;
        if (stored == null || stored.leaderEpoch() < epoch.number) {
            return this;
        }
        if (!mine(stored)) {
            return stop(StopCause.SUPERSEDED, "another gateway owns it: " + stored);
        }
        Isr before = isr.now();
        if (isr.seen(context.observedVersion, stored)) {
            committed(before);
        }
        return settle();
    }

    private boolean mine(PartitionState stored) {
        return stored.leaderEpoch() == epoch.number && stored.owner().equals(context.me);
    }

    /** Acts on a change that is now known to be stored. */
    private void committed(Isr pending) {
        PartitionState before = pending.committed();
        PartitionState after = isr.committed();
        for (ReplicaRef now : after.replicas()) {
            ReplicaRef was = before.replica(now.node()).orElse(now);
            ReplicaProgress replica = replication.replica(now.node());
            if (was.inSync() && !now.inSync()) {
                String why = replica == null ? "it is no replica" : "it is " + replica.stage();
                context.happened(new PartitionEvent.IsrShrunk(now.node(), why, after));
            } else if (!was.inSync() && now.inSync()) {
                context.happened(new PartitionEvent.IsrExpanded(now.node(), after));
            }
            if (replica != null && !was.incarnation().equals(now.incarnation())) {
                if (replica.stage() == Stage.LOST) {
                    // What was true when the change was proposed need not be true any more.
                    if (epoch.changes.mayBeAssigned(replica)) {
                        reconciliation.assign(replica, now.incarnation());
                    }
                } else {
                    reconciliation.fence(replica);
                }
            }
        }
        if (!before.leader().equals(after.leader())) {
            String why = pending instanceof Isr.PendingLeader change ? change.why() : "";
            context.happened(
                    new PartitionEvent.LeaderChanged(
                            before.leader().orElseThrow(), replication.leader().node(), why));
            replication.leaderChanged(before);
            leaderGone();
        }
        if (isr.committedSize() < before.isr().size()) {
            isrChanged();
        }
        advanced(replication.leader());
    }

    /** After every step: what has become due is proposed, or the epoch is given up. */
    protected final Role settle() {
        replication.settle();
        String wrong = reconciliation.leaderIsWrong();
        if (wrong != null) {
            context.distrust(epoch.begunWith);
            return stop(StopCause.LEADER_LOST, wrong);
        }
        String hopeless = epoch.changes.propose();
        return hopeless == null ? this : stop(StopCause.LEADER_LOST, hopeless);
    }

    // ---- time, settings, end

    @Override
    public Role tick() {
        isr.tick();
        for (ReplicaProgress replica : replication.replicas()) {
            reconciliation.tick(replica);
            replication.pump(replica);
        }
        replication.tellHighWatermark();
        requestsTick();
        return settle();
    }

    @Override
    public Role reconfigured() {
        replication.reconfigured();
        isrChanged();
        advanced(replication.leader());
        return settle();
    }

    @Override
    public Role electUnclean(Mandate mandate) {
        return replication.leader().isReconciled() ? this : resign("an operator elects a leader");
    }

    @Override
    public Role resign(String reason) {
        return stop(StopCause.RESIGNED, reason);
    }

    private Role stop(StopCause cause, String reason) {
        replication.stop();
        int pending = endRequests(reason);
        context.happened(new PartitionEvent.Stopped(epoch.number, cause, reason, pending));
        return new Idle(context);
    }
}
