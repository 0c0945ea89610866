package io.ackgate.gateway.host;

import io.ackgate.gateway.ownership.Candidacy;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.SteppedPartition;
import java.util.ArrayList;
import java.util.List;

/**
 * Operators that wait for the election they asked for, of one partition: answered when it serves,
 * or when the takeover that was to bring it there has ended. Confined to the partition's thread.
 */
final class PendingElections {
    private final List<Long> waiting = new ArrayList<>();

    /**
     * An operator asks for a leader. One who needs none, or cannot have one from this gateway, is
     * answered at once.
     *
     * @param broken whether the partition is stopped at this gateway
     * @return whether the partition is to elect one
     */
    boolean begin(
            long token,
            PartitionStatus status,
            boolean broken,
            Candidacy candidacy,
            HostEffect.Taker out) {
        ElectionOutcome answer = null;
        if (!broken && hasLeader(status)) {
            answer = new ElectionOutcome.NotNeeded(status);
        } else if (!candidacy.isLive()) {
            answer = new ElectionOutcome.Failed("this gateway holds no lease");
        } else if (candidacy.isServedElsewhere()) {
            String detail = "another gateway owns it: ask there; it is " + status.state();
            answer = new ElectionOutcome.Failed(detail);
        }
        if (answer == null) {
            waiting.add(token);
            return true;
        }
        out.take(new HostEffect.ElectionEnded(token, answer));
        return false;
    }

    /** Whether a partition has a leader that its owner reaches. */
    private static boolean hasLeader(PartitionStatus status) {
        return status.replicas().stream()
                .anyMatch(replica -> replica.leader() && replica.stage().equals("JOINED"));
    }

    void happened(PartitionEvent event, SteppedPartition partition, HostEffect.Taker out) {
        if (waiting.isEmpty()) {
            return;
        }
        if (event instanceof PartitionEvent.Serving) {
            end(new ElectionOutcome.Elected(partition.status()), out);
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
