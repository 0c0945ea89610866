package io.ackgate.simulation.check;

import static io.ackgate.simulation.check.Violation.unless;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.storage.api.NodeId;

/** What must be true when a producer is told something. */
final class Acknowledgements {
    private Acknowledgements() {}

    static void written(
            PartitionWatch watch,
            GatewaySession gateway,
            Batch batch,
            ProduceOutcome.Written written,
            PartitionStatus status,
            Invariants invariants) {
        if (batch.acks() == Acks.ALL) {
            all(watch, batch, written);
            invariants.acknowledged(batch, endOffset(batch));
        } else {
            leader(watch, gateway, batch, written, status);
        }
    }

    private static long endOffset(Batch batch) {
        Placement committed = batch.committed();
        return committed == null ? 0 : committed.endOffset();
    }

    private static void all(PartitionWatch watch, Batch batch, ProduceOutcome.Written written) {
        Placement committed = batch.committed();
        if (committed == null
                || (written.baseOffset() >= 0 && written.baseOffset() != committed.baseOffset())) {
            throw new Violation(
                    Invariant.ACKNOWLEDGED_IS_READABLE_FOR_EVER,
                    "%s is acknowledged at %d, it is committed at %s; committed up to %d"
                            .formatted(
                                    batch, written.baseOffset(), committed, watch.truth().end()));
        }
        unless(
                watch.anyDecayed()
                        || committed.acknowledgements() >= watch.leastMinInsyncReplicas(),
                Invariant.ACKNOWLEDGED_IS_DURABLE,
                () ->
                        "%s is acknowledged, %d replicas ever were durable up to it, %d are asked for"
                                .formatted(
                                        committed,
                                        committed.acknowledgements(),
                                        watch.leastMinInsyncReplicas()));
        for (NodeId node : written.replicas()) {
            unless(
                    written.baseOffset() < 0
                            || watch.anyDecayed()
                            || watch.wasAcknowledged(committed, node),
                    Invariant.ACKNOWLEDGED_IS_DURABLE,
                    () -> committed + " is said to be on " + node + ", which never said so");
        }
        unless(
                committed.baseOffset() >= batch.floor(),
                Invariant.OFFSETS_FOLLOW_TIME,
                () ->
                        "%s was sent after everything below %d was acknowledged"
                                .formatted(committed, batch.floor()));
    }

    private static void leader(
            PartitionWatch watch,
            GatewaySession gateway,
            Batch batch,
            ProduceOutcome.Written written,
            PartitionStatus status) {
        PartitionState state = status.state();
        boolean holds =
                batch.placements().stream()
                        .filter(one -> isMeant(one, gateway, written))
                        .anyMatch(
                                one ->
                                        state == null
                                                || watch.anyDecayed()
                                                || state.leaderEpoch() != written.leaderEpoch()
                                                || state.leader()
                                                        .filter(
                                                                node ->
                                                                        isHeld(
                                                                                watch,
                                                                                node,
                                                                                one,
                                                                                state,
                                                                                written
                                                                                        .duplicate()))
                                                        .isPresent());
        unless(
                holds,
                Invariant.ACKNOWLEDGED_IS_DURABLE,
                () ->
                        "%s is acknowledged, its leader never said that it has it: %s, %s, %s"
                                .formatted(batch, written, batch.placements(), state));
    }

    /**
     * Whether a leader has said that it holds a batch, and holds it by now unless another owner has
     * fenced it or its log is another one. What retention has deleted is not held against a leader;
     * only a retry may be answered when it was deleted before the leader got it.
     */
    private static boolean isHeld(
            PartitionWatch watch,
            NodeId leader,
            Placement one,
            PartitionState state,
            boolean duplicate) {
        ReplicaModel log = watch.mirror(leader);
        boolean said =
                one.wasAcknowledgedBy(leader)
                        || (duplicate && watch.promises(leader).beganBehind(one));
        boolean deleted = one.endOffset() <= log.start();
        boolean changed =
                watch.promises(leader).fencedEpoch() != state.leaderEpoch()
                        || !state.isInSync(leader, log.incarnation());
        return said && (changed || deleted || log.at(one.baseOffset()) == one);
    }

    /** A retry joins what an earlier epoch may have written; everything else is the owner's own. */
    private static boolean isMeant(
            Placement one, GatewaySession gateway, ProduceOutcome.Written written) {
        if (written.duplicate()) {
            return one.epoch() <= written.leaderEpoch()
                    && (written.baseOffset() < 0 || written.baseOffset() == one.baseOffset());
        }
        return one.epoch() == written.leaderEpoch()
                && written.baseOffset() == one.baseOffset()
                && one.placedBy().equals(gateway);
    }

    /** An owner refuses an attempt as not written although its original is in this owner's log. */
    static void refused(
            PartitionWatch watch,
            GatewaySession gateway,
            Batch batch,
            ErrorCode error,
            PartitionStatus status) {
        PartitionState state = status.state();
        if (!batch.producer().isIdempotent()
                || state == null
                || status.phase() != PartitionStatus.Phase.SERVING) {
            return;
        }
        int epoch = state.leaderEpoch();
        for (Placement placement : batch.placements()) {
            boolean inItsLog =
                    placement.epoch() == epoch
                            || (placement == batch.committed()
                                    && placement.epoch() < epoch
                                    && watch.owners()
                                            .hasCommitted(gateway, epoch, placement.endOffset()));
            unless(
                    !inItsLog,
                    Invariant.RETRY_JOINS_ITS_ORIGINAL,
                    () ->
                            "%s answers %s to a retry of %s, which is in its log"
                                    .formatted(gateway, error, placement));
        }
    }
}
