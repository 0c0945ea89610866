package io.ackgate.simulation.check;

import static io.ackgate.simulation.check.Violation.unless;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.PartitionStatus;
import java.util.HashSet;
import java.util.Set;

/** What owners ask the metadata store to store, and whether they had reason to. */
final class Proposals {
    private final Set<PartitionState> made = new HashSet<>();

    /**
     * An owner asks for a change within its own epoch.
     *
     * @param status what the owner sees of its replicas at this moment
     */
    void proposes(GatewaySession owner, PartitionState next, PartitionStatus status) {
        PartitionState committed = status.state();
        boolean inItsEpoch =
                next.published()
                        && committed != null
                        && committed.published()
                        && committed.leaderEpoch() == next.leaderEpoch()
                        && !committed.isr().equals(next.isr())
                        && status.committedUpTo() >= 0;
        if (!inItsEpoch || !made.add(next)) {
            // A claim, a publication, another log outside the ISR, or an older proposal of which
            // nobody knows whether it landed.
            return;
        }
        unless(
                next.isr().stream().anyMatch(ref -> isReconciled(ref, status)),
                Invariant.NO_ISR_WITHOUT_A_RECONCILED_MEMBER,
                () ->
                        "%s asks for %s in the place of %s, and none of the ISR is reconciled: %s"
                                .formatted(owner, next, committed, status.replicas()));
    }

    private static boolean isReconciled(ReplicaRef ref, PartitionStatus status) {
        return status.replicas().stream()
                .anyMatch(
                        one ->
                                one.node().equals(ref.node())
                                        && one.stage() == PartitionStatus.Stage.RECONCILED);
    }
}
