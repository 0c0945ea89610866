package io.ackgate.gateway.host;

import io.ackgate.gateway.ownership.Candidacy;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Operators that wait for the election they asked for, of one partition: answered when it serves,
 * or when the takeover that was to bring it there has ended. Confined to the partition's thread.
 */
final class PendingElections {
    private final List<Long> waiting = new ArrayList<>();

    /** What ends the elections that wait, of the step that is under way; null if nothing does. */
    private @Nullable PartitionEvent ending;

    /**
     * An operator asks for a leader. One who needs none, or cannot have one from this gateway, is
     * answered at once.
     *
     * @return whether the partition is to elect one
     */
    boolean begin(long token, PartitionStatus status, Candidacy candidacy, HostEffect.Taker out) {
        ElectionOutcome answer = null;
        if (hasLeader(status)) {
            answer = new ElectionOutcome.NotNeeded(status);
        } else if (!candidacy.isLive()) {
            answer = new ElectionOutcome.Failed("this gateway holds no lease");
        } else if (candidacy.isServedElsewhere()) {
            String detail = "another gateway owns it: ask there; it is " + status.state();
            answer = new ElectionOutcome.Failed(detail);
        }
        if (answer == null) {
            return true;
        }
        out.take(new HostEffect.ElectionEnded(token, answer));
        return false;
    }

    /**
     * The partition has been asked to elect a leader. The operator waits from now on: what that
     * step ended belongs to the epoch before.
     *
     * @param idle whether the partition did not begin a takeover
     */
    void begun(long token, boolean idle, HostEffect.Taker out) {
        if (idle) {
            String detail = "none of its replicas can be reached";
            out.take(new HostEffect.ElectionEnded(token, new ElectionOutcome.Failed(detail)));
        } else {
            waiting.add(token);
        }
    }

    /** Whether a partition has a leader that its owner reaches. */
    private static boolean hasLeader(PartitionStatus status) {
        return status.replicas().stream()
                .anyMatch(
                        replica ->
                                replica.leader()
                                        && replica.stage() == PartitionStatus.Stage.RECONCILED);
    }

    /** The partition has emitted an event, in a step that is not over. */
    void happened(PartitionEvent event) {
        boolean ends =
                event instanceof PartitionEvent.Serving
                        || event instanceof PartitionEvent.TakeoverFailed
                        || event instanceof PartitionEvent.Stopped;
        if (ends && ending == null && !waiting.isEmpty()) {
            ending = event;
        }
    }

    /** A step is over. The status of a partition is that of its new role from here on only. */
    void stepped(Supplier<PartitionStatus> status, HostEffect.Taker out) {
        PartitionEvent event = ending;
        ending = null;
        if (event instanceof PartitionEvent.Serving) {
            end(new ElectionOutcome.Elected(status.get()), out);
        } else if (event instanceof PartitionEvent.TakeoverFailed failed) {
            end(new ElectionOutcome.Failed(failed.reason()), out);
        } else if (event instanceof PartitionEvent.Stopped stopped) {
            end(new ElectionOutcome.Failed(stopped.reason()), out);
        }
    }

    void end(ElectionOutcome outcome, HostEffect.Taker out) {
        List<Long> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(token -> out.take(new HostEffect.ElectionEnded(token, outcome)));
    }
}
