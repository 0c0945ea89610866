package io.ackgate.simulation.check;

import static io.ackgate.simulation.check.Violation.unless;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.storage.api.NodeId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What owners, present and past ones, take for committed. */
final class Owners {
    private record Reign(GatewaySession owner, int epoch) {}

    private final PartitionWatch watch;
    private final Map<Reign, Long> highWatermarks = new HashMap<>();

    Owners(PartitionWatch watch) {
        this.watch = watch;
    }

    /** An owner's status after one of its steps. */
    void stepped(GatewaySession owner, PartitionStatus status) {
        PartitionState state = status.state();
        if (state == null || status.committedUpTo() < 0) {
            return;
        }
        unless(
                watch.states().wasStored(state),
                Invariant.COMMITTED_STATE_WAS_STORED,
                () -> owner + " takes for committed what never was: " + state);
        Reign reign = new Reign(owner, state.leaderEpoch());
        Long before = highWatermarks.put(reign, status.committedUpTo());
        if (before != null && before == status.committedUpTo()) {
            return;
        }
        rose(reign, before, status, state);
    }

    private void rose(
            Reign reign, @Nullable Long before, PartitionStatus status, PartitionState state) {
        long now = status.committedUpTo();
        unless(
                before == null || now > before,
                Invariant.NOTHING_GOES_BACK,
                () -> "%s lowers its high watermark from %d to %d".formatted(reign, before, now));
        unless(
                before == null || state.isr().size() >= watch.minInsyncReplicas(reign.owner()),
                Invariant.HIGH_WATERMARK_NEEDS_MIN_ISR,
                () -> "%s raises its high watermark to %d with %s".formatted(reign, now, state));
        NodeId leader = state.leader().orElse(null);
        Truth truth = watch.truth();
        while (truth.end() < now) {
            truth.commit(next(reign, leader, truth.end()));
        }
        watch.highWatermarks().committed(reign.epoch(), now);
        watch.requireIsr();
    }

    private Placement next(Reign reign, @Nullable NodeId leader, long offset) {
        Placement own = watch.placements().at(reign.epoch(), offset);
        Placement next = own != null ? own : watch.held(leader, offset);
        if (next == null) {
            throw new Violation(
                    Invariant.EVERY_ISR_MEMBER_HOLDS_WHAT_IS_COMMITTED,
                    reign + " commits offset " + offset + ", which no replica holds");
        }
        unless(
                next.epoch() <= reign.epoch(),
                Invariant.FENCED_OWNER_COMMITS_NOTHING,
                () -> reign + " commits offset " + offset + ", where " + next + " stands by now");
        return next;
    }

    /** How far a gateway has committed in any of its reigns. */
    long committedBy(GatewaySession owner) {
        long committed = 0;
        for (Map.Entry<Reign, Long> reign : highWatermarks.entrySet()) {
            if (reign.getKey().owner().equals(owner)) {
                committed = Math.max(committed, reign.getValue());
            }
        }
        return committed;
    }

    /** Whether an owner's high watermark has passed an offset. */
    boolean hasCommitted(GatewaySession owner, int epoch, long endOffset) {
        return highWatermarks.getOrDefault(new Reign(owner, epoch), -1L) >= endOffset;
    }
}
