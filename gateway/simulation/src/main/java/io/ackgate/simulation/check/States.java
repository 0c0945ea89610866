package io.ackgate.simulation.check;

import static io.ackgate.simulation.check.Violation.unless;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** All states of a partition that the metadata store ever held, and the rules between them. */
final class States {
    private final Set<PartitionState> everStored = new HashSet<>();
    private final Map<Integer, GatewaySession> owners = new HashMap<>();
    private PartitionState stored;

    States(PartitionState created) {
        stored = created;
        everStored.add(created);
    }

    PartitionState stored() {
        return stored;
    }

    boolean wasStored(PartitionState state) {
        return everStored.contains(state);
    }

    /** Who owns an epoch; nobody if it was never claimed. */
    GatewaySession ownerOf(int epoch) {
        return owners.getOrDefault(epoch, GatewaySession.NONE);
    }

    void changed(PartitionState after) {
        PartitionState before = stored;
        unless(
                after.leaderEpoch() >= before.leaderEpoch(),
                Invariant.ONE_OWNER_PER_EPOCH,
                () -> "the epoch goes back: " + before + " -> " + after);
        if (after.leaderEpoch() > before.leaderEpoch()) {
            unless(
                    !after.published() && after.isr().equals(before.isr()),
                    Invariant.ONE_OWNER_PER_EPOCH,
                    () -> "a claim changes the electorate: " + before + " -> " + after);
            owners.put(after.leaderEpoch(), after.owner());
        } else if (!after.equals(before.released())) {
            unless(
                    after.owner().equals(before.owner()),
                    Invariant.ONE_OWNER_PER_EPOCH,
                    () -> "an epoch changes hands: " + before + " -> " + after);
            unless(
                    after.published()
                            && !after.isr().isEmpty()
                            && after.leader()
                                    .filter(
                                            l ->
                                                    after.isr().stream()
                                                            .anyMatch(r -> r.node().equals(l)))
                                    .isPresent(),
                    Invariant.COMMITTED_STATE_WAS_STORED,
                    () -> "no leader in the ISR: " + after);
        }
        unless(
                after.uncleanElections() == before.uncleanElections(),
                Invariant.UNCLEAN_ELECTION_IS_THE_LAST_RESORT,
                () -> "a log of the ISR is whole: " + before + " -> " + after);
        stored = after;
        everStored.add(after);
    }
}
