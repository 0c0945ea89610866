package io.ackgate.simulation.check;

import static io.ackgate.simulation.check.Violation.unless;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.partition.ProduceStep;
import io.ackgate.storage.api.NodeId;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a tracked produce has been told so far: each step once, in order, and true. */
public final class Progress {
    private final Set<NodeId> persisted = new HashSet<>();
    private ProduceStep.@Nullable Queued queued;
    private boolean committed;

    void step(PartitionWatch watch, GatewaySession gateway, Batch batch, ProduceStep step) {
        unless(
                !committed,
                Invariant.PROGRESS_IS_TRUE,
                () -> batch + " is told " + step + " after it was committed");
        switch (step) {
            case ProduceStep.Queued at -> {
                Placement placement = watch.placements().at(at.leaderEpoch(), at.baseOffset());
                unless(
                        queued == null && persisted.isEmpty(),
                        Invariant.PROGRESS_IS_TRUE,
                        () -> batch + " is told " + step + " after " + this);
                unless(
                        placement == null
                                || (placement.batch() == batch
                                        && placement.placedBy().equals(gateway)),
                        Invariant.PROGRESS_IS_TRUE,
                        () -> batch + " is told " + step + ", there stands " + placement);
                queued = at;
            }
            case ProduceStep.Persisted(NodeId node, boolean leader) -> {
                unless(
                        persisted.add(node),
                        Invariant.PROGRESS_IS_TRUE,
                        () -> batch + " is told " + step + " twice");
                unless(
                        watch.anyDecayed()
                                || batch.placements().stream()
                                        .anyMatch(one -> watch.wasAcknowledged(one, node)),
                        Invariant.PROGRESS_IS_TRUE,
                        () -> batch + " is told " + step + ", and " + node + " never said so");
            }
            case ProduceStep.Committed(long highWatermark) -> {
                Placement at = batch.committed();
                unless(
                        at != null && at.endOffset() <= highWatermark,
                        Invariant.PROGRESS_IS_TRUE,
                        () -> batch + " is told " + step + ", it is committed at " + at);
                committed = true;
            }
        }
    }

    /** Written at an offset means at the one that was told first. */
    void ended(Batch batch, ProduceOutcome outcome) {
        ProduceStep.Queued told = queued;
        if (told != null && outcome instanceof ProduceOutcome.Written written) {
            unless(
                    written.baseOffset() == told.baseOffset(),
                    Invariant.PROGRESS_IS_TRUE,
                    () -> batch + " was told " + told + " and ends with " + written);
        }
    }

    @Override
    public String toString() {
        return "queued at " + queued + ", persisted by " + persisted;
    }
}
