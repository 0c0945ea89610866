package io.ackgate.gateway.partition;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.PartitionInput.Answered;
import io.ackgate.gateway.partition.PartitionInput.CasApplied;
import io.ackgate.gateway.partition.PartitionInput.CasRefused;
import io.ackgate.gateway.partition.PartitionInput.CasUnknown;
import io.ackgate.gateway.partition.PartitionInput.Produce;
import io.ackgate.gateway.partition.PartitionInput.Request;
import io.ackgate.gateway.partition.ReplicaProgress.Stage;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.ProducerEntry;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.util.List;
import java.util.Map;

/**
 * The owner of a published epoch (protocol, steps 6 to 10). First the leader replica joins and its
 * producer table is read, while requests are held; then requests are served.
 *
 * <p>Owner of the epoch means: nobody else appends in it, and no offset assigned in it is ever
 * withdrawn. What cannot be kept ends the epoch.
 */
final class Leadership implements Role {
    private final Context context;
    private final int epoch;
    private final HeldRequests held;
    private final IsrState isr;
    private final Replication replication;
    private final Membership membership;
    private final Sequencer sequencer;
    private final Reads reads;
    private final long takeoverStartedAt;

    /** Whose log was the owner's when the epoch began. */
    private final ReplicaRef begunWith;

    private boolean serving;
    private long producersRequest;

    Leadership(
            Context context,
            HeldRequests held,
            PartitionState published,
            long version,
            StorageAnswer.Fenced leader,
            long highWatermark,
            long takeoverStartedAt) {
        this.context = context;
        this.held = held;
        this.epoch = published.leaderEpoch();
        this.takeoverStartedAt = takeoverStartedAt;
        this.begunWith = published.leader().flatMap(published::replica).orElseThrow();
        isr = new IsrState(context, published, version);
        replication =
                new Replication(context, epoch, isr, leader, highWatermark, this::replicaAdvanced);
        membership = new Membership(context, isr, replication, leader.logEnd());
        sequencer = new Sequencer(context, epoch, isr, replication);
        replication.reconciliation().learnsProducersFrom(sequencer);
        reads = new Reads(context, epoch, replication, leader.logEnd());
    }

    /** Begins with what was promised; who is on another stream by now is fenced again. */
    Role join(Map<NodeId, Takeover.Promise> promises) {
        for (ReplicaProgress replica : replication.replicas()) {
            Takeover.Promise promise = promises.get(replica.node);
            // A promise is forgotten together with the stream that it came on.
            if (promise != null) {
                replica.enter(Stage.FENCING);
                replication.reconciliation().fenced(replica, promise.fenced());
            } else {
                replication.reconciliation().fence(replica);
            }
        }
        return settle();
    }

    // ---- requests

    @Override
    public Role request(Request request) {
        if (!serving) {
            held.hold(request);
        } else {
            serve(request);
        }
        return this;
    }

    @Override
    public void cancel(long token) {
        boolean _ = held.cancel(token) || reads.cancel(token) || sequencer.cancel(token);
    }

    @Override
    public int waitingReads() {
        return reads.waiting() + held.reads();
    }

    private void serve(Request request) {
        if (request instanceof Produce produce) {
            sequencer.produce(produce);
        } else {
            reads.request(request);
        }
    }

    // ---- replicas

    @Override
    public Role sessionOpened(NodeId node, long stream) {
        ReplicaProgress replica = replication.replica(node);
        if (replica != null) {
            if (replica == replication.leader()) {
                leaderGone();
            }
            replication.reconciliation().fence(replica);
        }
        return settle();
    }

    @Override
    public Role sessionClosed(NodeId node) {
        ReplicaProgress replica = replication.replica(node);
        if (replica != null) {
            replica.down(context.watched);
            if (replica == replication.leader()) {
                leaderGone();
            }
        }
        return settle();
    }

    private void leaderGone() {
        producersRequest = 0;
        replication.catchUp().leaderGone();
        reads.leaderGone();
    }

    @Override
    public Role answered(Answered answered) {
        ReplicaProgress replica = replication.replica(answered.node());
        if (replica == null || answered.answer().epoch() != epoch) {
            return this;
        }
        switch (answered.answer()) {
            case StorageAnswer.Appended appended -> replication.acknowledged(replica, appended);
            case StorageAnswer.Fenced fenced ->
                    replication.reconciliation().fenced(replica, fenced);
            case StorageAnswer.Joined joined ->
                    replication.reconciliation().joined(replica, joined);
            case StorageAnswer.Missing missing -> replication.reconciliation().missing(replica);
            case StorageAnswer.Faulty faulty ->
                    replication
                            .reconciliation()
                            .lost(replica, false, faulty.fault() + ": " + faulty.detail());
            case StorageAnswer.Damaged damaged ->
                    replication
                            .reconciliation()
                            .damaged(
                                    replica,
                                    damaged.incarnation(),
                                    damaged.fault() + ": " + damaged.detail());
            case StorageAnswer.Whole whole ->
                    replication.reconciliation().whole(replica, whole.incarnation());
            case StorageAnswer.Refused refused -> {
                if (refused.reason() == StorageAnswer.Refusal.STALE_EPOCH
                        && refused.value() > epoch) {
                    context.refusedEpoch = Math.max(context.refusedEpoch, (int) refused.value());
                    return resign(
                            "%s is fenced by epoch %d".formatted(replica.node, refused.value()));
                }
                replication.reconciliation().refused(replica, refused);
                if (!replica.isJoined() && replica == replication.leader()) {
                    leaderGone();
                }
            }
            case StorageAnswer.Records records ->
                    replication.catchUp().records(records, reads::records);
            case StorageAnswer.OffsetFound found -> reads.found(found);
            case StorageAnswer.Producers producers -> producers(producers);
            case StorageAnswer.Configured _ -> {}
            case StorageAnswer.Deleted deleted ->
                    replication.reconciliation().lost(replica, false, "it was deleted");
        }
        return settle();
    }

    /** A replica joined, or holds more than before. */
    private void replicaAdvanced(ReplicaProgress replica) {
        if (!serving
                && producersRequest == 0
                && replica.isJoined()
                && replica == replication.leader()) {
            producersRequest = context.nextRequestId();
            replication.send(
                    replica, new StorageRequest.ReadProducers(context.id, epoch, producersRequest));
        }
        boolean rose = replication.advanceHighWatermark();
        sequencer.persisted(replica);
        sequencer.answer();
        replication.release();
        reads.advanced(rose);
    }

    private void producers(StorageAnswer.Producers producers) {
        if (serving || producers.requestId() != producersRequest) {
            return;
        }
        InvariantBrokenException.check(
                producers.logEnd() == replication.log().end(),
                "the producer table is of %d, the log ends at %d"
                        .formatted(producers.logEnd(), replication.log().end()));
        sequencer.restore(producers.known());
        serving = true;
        context.happened(new PartitionEvent.Serving(epoch, context.now - takeoverStartedAt));
        for (Request request = held.poll(); request != null; request = held.poll()) {
            serve(request);
        }
    }

    // ---- metadata

    @Override
    public Role casApplied(CasApplied applied) {
        PartitionState before = isr.committed();
        if (isr.applied(applied.attempt(), applied.version())) {
            context.observe(applied.version(), isr.committed());
            committed(before);
        }
        return settle();
    }

    @Override
    public Role casRefused(CasRefused refused) {
        // A late answer to an attempt of an earlier takeover says nothing of this epoch.
        if (refused.stored().leaderEpoch() >= epoch && !mine(refused.stored())) {
            return resign("another gateway owns it: " + refused.stored());
        }
        PartitionState before = isr.committed();
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
        if (stored == null || stored.leaderEpoch() < epoch) {
            return this;
        }
        if (!mine(stored)) {
            return resign("another gateway owns it: " + stored);
        }
        PartitionState before = isr.committed();
        if (isr.seen(context.observedVersion, stored)) {
            committed(before);
        }
        return settle();
    }

    private boolean mine(PartitionState stored) {
        return stored.leaderEpoch() == epoch && stored.owner().equals(context.me);
    }

    /** Acts on a change that is now known to be stored. */
    private void committed(PartitionState before) {
        PartitionState after = isr.committed();
        for (ReplicaRef now : after.replicas()) {
            ReplicaRef was = before.replica(now.node()).orElse(now);
            ReplicaProgress replica = replication.replica(now.node());
            if (was.inSync() && !now.inSync()) {
                String why = replica == null ? "it is no replica" : "it is " + replica.stage;
                context.happened(new PartitionEvent.IsrShrunk(now.node(), why, after));
            } else if (!was.inSync() && now.inSync()) {
                context.happened(new PartitionEvent.IsrExpanded(now.node(), after));
            }
            if (replica != null && !was.incarnation().equals(now.incarnation())) {
                if (replica.stage == Stage.LOST) {
                    // What was true when the change was proposed need not be true any more.
                    if (membership.mayBeAssigned(replica)) {
                        replication.reconciliation().assign(replica, now.incarnation());
                    }
                } else {
                    replication.reconciliation().fence(replica);
                }
            }
        }
        if (!before.leader().equals(after.leader())) {
            leaderGone();
        }
        if (isr.committedSize() < before.isr().size()) {
            sequencer.isrChanged();
        }
        replicaAdvanced(replication.leader());
    }

    /** After every step: what has become due is proposed, or the epoch is given up. */
    private Role settle() {
        replication.catchUp().settle();
        String wrong = replication.reconciliation().leaderIsWrong();
        if (wrong != null) {
            context.distrust(begunWith);
            return resign(wrong);
        }
        String hopeless = membership.propose();
        return hopeless == null ? this : resign(hopeless);
    }

    // ---- time, settings, end

    @Override
    public Role tick() {
        isr.tick();
        replication.tick();
        held.expire();
        sequencer.tick();
        reads.tick();
        return settle();
    }

    @Override
    public long nextDue() {
        return serving && !isr.changing() && replication.isQuiet()
                ? Math.min(sequencer.nextDue(), reads.nextDue())
                : context.now;
    }

    @Override
    public Role reconfigured() {
        replication.reconfigured();
        sequencer.isrChanged();
        replicaAdvanced(replication.leader());
        return settle();
    }

    @Override
    public Role electUnclean(Mandate mandate) {
        boolean leads = replication.leader().isJoined();
        return leads ? this : resign("an operator elects a leader").electUnclean(mandate);
    }

    @Override
    public Role resign(String reason) {
        int pending = sequencer.pendingRequests();
        replication.catchUp().stop();
        sequencer.stop(reason);
        held.refuseAll();
        reads.stop();
        context.happened(new PartitionEvent.Stopped(epoch, reason, pending));
        return new Idle(context);
    }

    @Override
    public long bufferedBytes() {
        return held.bytes() + replication.log().bytes();
    }

    @Override
    public PartitionStatus status() {
        return replication.status(serving);
    }

    @Override
    public List<ProducerEntry> producers() {
        return serving ? sequencer.producers() : List.of();
    }
}
