package io.ackgate.simulation.check;

import static io.ackgate.simulation.check.Violation.unless;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.partition.ProduceStep;
import io.ackgate.record.BatchFrame;
import io.ackgate.simulation.Story;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.ReadStatus;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The judge: is told of everything at the moment it happens and throws a {@link Violation} as soon
 * as something is not as it must be. What it is told costs a few comparisons each time, so that it
 * can be told after every event.
 */
public final class Invariants {
    private final Ledger ledger = new Ledger();
    private final Map<PartitionId, PartitionWatch> watches = new LinkedHashMap<>();
    private final Map<PartitionId, Long> acknowledgedUpTo = new LinkedHashMap<>();

    private final Story story;

    public Invariants(Story story) {
        this.story = story;
    }

    public void partitionCreated(
            PartitionId partition,
            int minInsyncReplicas,
            boolean retained,
            long expirationMillis,
            PartitionState created) {
        watches.put(
                partition,
                new PartitionWatch(
                        partition,
                        minInsyncReplicas,
                        retained,
                        expirationMillis,
                        created,
                        ledger,
                        story));
        acknowledgedUpTo.put(partition, 0L);
    }

    public Ledger ledger() {
        return ledger;
    }

    private PartitionWatch watch(PartitionId partition) {
        PartitionWatch watch = watches.get(partition);
        if (watch == null) {
            throw new IllegalArgumentException("no such partition: " + partition);
        }
        return watch;
    }

    /** How far a partition is committed. */
    public long committedEnd(PartitionId partition) {
        return watch(partition).truth().end();
    }

    /** How far retention has deleted, on the replica on which it went furthest. */
    public long retainedFrom(PartitionId partition) {
        return watch(partition).greatestStart();
    }

    /** Whether nothing is promised of a partition any more: every disk of some ISR is lost. */
    public boolean isVoid(PartitionId partition) {
        return watch(partition).isVoid();
    }

    /** Why nothing is promised of a partition any more; null while something is. */
    public @Nullable VoidReason voidReason(PartitionId partition) {
        return watch(partition).premise().lost();
    }

    /** Whether a flipped bit may be what an owner, or a node, stumbles over. */
    public boolean mayBeCorrupt(PartitionId partition) {
        return watch(partition).anyDecayed();
    }

    // ---- metadata and faults

    public void stateChanged(PartitionId partition, PartitionState after) {
        PartitionWatch watch = watch(partition);
        if (!watch.isVoid()) {
            watch.stateChanged(after);
        }
    }

    /** Members of this ISR that would keep what they acknowledged if these lost their disks now. */
    public int survivors(PartitionId partition, PartitionState isr, Set<NodeId> without) {
        return watch(partition).premise().survivors(isr, without);
    }

    /** A replica has lost what it acknowledged. */
    public void harmed(PartitionId partition, NodeId node, Harmed how, PartitionState stored) {
        PartitionWatch watch = watch(partition);
        stored.replica(node)
                .ifPresent(ref -> watch.premise().harm(node, ref.incarnation(), how, stored));
        watch.premise().harm(node, watch.mirror(node).incarnation(), how, stored);
        watch.excuse(node);
    }

    /** A replica may give its log up: something has happened to its disk. */
    public void excused(PartitionId partition, NodeId node) {
        watch(partition).excuse(node);
    }

    /** What a replica holds may have changed without its noticing: it is not judged by it. */
    public void decayed(PartitionId partition, NodeId node) {
        watch(partition).decayed(node);
    }

    /** A replica's log has rotted, and nothing else of its node's disk. */
    public void rotten(PartitionId partition, NodeId node) {
        watch(partition).rotten(node);
    }

    /** Whether nothing can be said of what a replica holds. */
    public boolean isDecayed(PartitionId partition, NodeId node) {
        return watch(partition).mirror(node).isDecayed();
    }

    /** Nothing can be read from the disk of a node for a while: it may take bytes for lost. */
    public void readsFail(NodeId node) {
        watches.values().forEach(watch -> watch.readsFail(node));
    }

    /** A node has another disk. */
    public void wiped(PartitionId partition, NodeId node) {
        watch(partition).wiped(node);
    }

    /** A gateway has heard of a topic's settings. */
    public void reconfigured(GatewaySession gateway, PartitionId partition, int minInsync) {
        watch(partition).reconfigured(gateway, minInsync);
    }

    // ---- producers

    /** A producer wrote before the world began, and goes on. */
    public void goesOn(PartitionId partition, Batch.Sequenced going) {
        watch(partition).truth().sequences().goesOn(going);
    }

    /** A producer sends a batch. */
    public Attempt sent(Batch batch) {
        return ledger.sent(batch, acknowledgedUpTo.getOrDefault(batch.partition(), 0L));
    }

    public void arrived(Attempt attempt, GatewaySession gateway) {
        attempt.arrivedAt(gateway);
    }

    /** A gateway ends an attempt. */
    public void completed(
            GatewaySession gateway,
            Attempt attempt,
            ProduceOutcome outcome,
            PartitionStatus status) {
        PartitionWatch watch = watch(attempt.batch().partition());
        attempt.ended(outcome);
        if (watch.isVoid()) {
            return;
        }
        switch (outcome) {
            case ProduceOutcome.Accepted accepted -> {
                // Nothing was said of the log.
            }
            case ProduceOutcome.Written written ->
                    Acknowledgements.written(
                            watch, gateway, attempt.batch(), written, status, this);
            case ProduceOutcome.Failed failed ->
                    FailedAttempts.failed(watch, gateway, attempt, failed, status);
        }
    }

    /** A gateway tells a step of a tracked attempt. */
    public void progressed(
            GatewaySession gateway, Attempt attempt, Progress progress, ProduceStep step) {
        PartitionWatch watch = watch(attempt.batch().partition());
        if (!watch.isVoid()) {
            progress.step(watch, gateway, attempt.batch(), step);
        }
    }

    /** A gateway ends an attempt of which it may have told steps. */
    public void ended(Attempt attempt, Progress progress, ProduceOutcome outcome) {
        if (!watch(attempt.batch().partition()).isVoid()) {
            progress.ended(attempt.batch(), outcome);
        }
    }

    void acknowledged(Batch batch, long endOffset) {
        acknowledgedUpTo.merge(batch.partition(), endOffset, Math::max);
    }

    // ---- consumers

    /** An owner answers a consumer that asked for an offset. */
    public void fetched(PartitionId partition, long offset, FetchOutcome outcome) {
        PartitionWatch watch = watch(partition);
        if (!watch.isVoid()) {
            ConsumerAnswers.fetched(watch, offset, outcome);
        }
    }

    /** A consumer's request for a position reaches a gateway. */
    public PositionAsked asked(
            GatewaySession gateway,
            PartitionId partition,
            PartitionInput.Position position,
            long timestampMillis) {
        long committed = watch(partition).owners().committedBy(gateway);
        return new PositionAsked(position, timestampMillis, committed);
    }

    /** An owner names a position. */
    public void positioned(
            PartitionId partition, PositionAsked asked, FetchOutcome.Position answer) {
        PartitionWatch watch = watch(partition);
        if (!watch.isVoid()) {
            Positions.named(watch, asked, answer);
        }
    }

    // ---- owners

    /** A gateway asks for a state to be stored; these are the nodes that it has open streams to. */
    public static void wants(GatewaySession gateway, PartitionState next, Set<NodeId> reached) {
        unless(
                next.published()
                        || next.electorate().stream().anyMatch(r -> reached.contains(r.node())),
                Invariant.NO_CLAIM_WITHOUT_A_ROUTE,
                () -> "%s claims with streams to %s only: %s".formatted(gateway, reached, next));
    }

    /** An owner asks the metadata store for a change. */
    public void proposes(
            GatewaySession owner,
            PartitionId partition,
            PartitionState next,
            PartitionStatus status) {
        PartitionWatch watch = watch(partition);
        if (!watch.isVoid()) {
            watch.proposals().proposes(owner, next, status);
        }
    }

    /** An owner sends an append; batches of its own epoch get their place by it. */
    public void appends(GatewaySession owner, StorageRequest.Append append) {
        PartitionWatch watch = watch(append.partition());
        if (watch.isVoid()) {
            return;
        }
        ByteBuffer frame = append.frame();
        if (BatchFrame.leaderEpoch(frame, frame.position()) == append.epoch()) {
            watch.silences().placed(watch.placements().placed(owner, frame, watch.states()));
        } else {
            watch.placements().known(owner.toString(), frame, frame.position());
        }
    }

    /** A gateway has taken a step. */
    public void gatewayStepped(
            GatewaySession gateway, PartitionId partition, PartitionStatus status) {
        PartitionWatch watch = watch(partition);
        if (!watch.isVoid()) {
            watch.owners().stepped(gateway, status);
        }
    }

    // ---- replicas

    /** A node has taken a step that may have changed a replica; null when it has none. */
    public void replicaStepped(
            PartitionId partition, NodeId node, @Nullable ReplicaView view, FrameSource frames) {
        PartitionWatch watch = watch(partition);
        if (!watch.isVoid()) {
            watch.replicaStepped(node, view, frames);
        }
    }

    /** A gateway has taken a step because of an answer on a stream that is not its open one. */
    public static void countsForNothing(GatewaySession gateway, boolean hadEffects, Object input) {
        unless(
                !hadEffects,
                Invariant.STALE_STREAMS_COUNT_FOR_NOTHING,
                () -> gateway + " acts on an answer of a stream that is gone: " + input);
    }

    /** A node runs again. */
    public void replicaRestarted(
            PartitionId partition, NodeId node, @Nullable ReplicaView view, FrameSource frames) {
        PartitionWatch watch = watch(partition);
        if (!watch.isVoid()) {
            watch.replicaRestarted(node, view, frames);
        }
    }

    /** A replica was told to cut its log, or to begin another one. */
    public void mayCut(PartitionId partition, NodeId node, long logEnd) {
        watch(partition).mirror(node).allowCut(logEnd);
    }

    /** A replica answers, after the step that made it answer was told. */
    public void answers(NodeId node, StreamSession to, StorageAnswer answer) {
        PartitionWatch watch = watch(answer.partition());
        if (watch.isVoid()) {
            return;
        }
        switch (answer) {
            case StorageAnswer.Fenced fenced -> {
                watch.promises(node).nobodyWrites();
                watch.promises(node).fenced(fenced.epoch(), fenced.incarnation());
                ReplicaAnswers.holds(watch, node, fenced, fenced.incarnation(), fenced.logEnd());
                ReplicaAnswers.covers(watch, node, fenced);
            }
            case StorageAnswer.Reconciled reconciled -> {
                watch.promises(node).reconciled(to, reconciled.epoch());
                watch.mirror(node).cutAnswered();
                ReplicaAnswers.holds(
                        watch, node, reconciled, reconciled.incarnation(), reconciled.logEnd());
            }
            case StorageAnswer.Appended appended -> {
                ReplicaAnswers.onItsStream(watch, node, to, appended);
                ReplicaAnswers.holds(
                        watch, node, appended, appended.incarnation(), appended.logEnd());
            }
            case StorageAnswer.Faulty faulty ->
                    ReplicaAnswers.sound(
                            watch, node, faulty, faulty.fault() == StorageAnswer.Fault.CORRUPT);
            case StorageAnswer.Damaged damaged -> ReplicaAnswers.damaged(watch, node, damaged);
            case StorageAnswer.Refused refused -> watch.mirror(node).cutAnswered();
            case StorageAnswer.Records records ->
                    ReplicaAnswers.sound(
                            watch, node, records, records.status() == ReadStatus.CORRUPT);
            case StorageAnswer.OffsetListed found ->
                    ReplicaAnswers.sound(watch, node, found, found.status() == ReadStatus.CORRUPT);
            case StorageAnswer.Missing _,
                    StorageAnswer.Whole _,
                    StorageAnswer.Producers _,
                    StorageAnswer.Configured _,
                    StorageAnswer.Deleted _ -> {}
        }
    }

    // ---- the end

    /** After healing: what was committed is on every replica, and nothing else is. */
    public void requireEnd(PartitionId partition, List<NodeId> replicas) {
        PartitionWatch watch = watch(partition);
        if (!watch.isVoid()) {
            AtTheEnd.require(watch, replicas);
        }
    }

    public boolean isEverywhere(PartitionId partition, List<NodeId> replicas) {
        PartitionWatch watch = watch(partition);
        return watch.isVoid() || AtTheEnd.isEverywhere(watch, replicas);
    }
}
