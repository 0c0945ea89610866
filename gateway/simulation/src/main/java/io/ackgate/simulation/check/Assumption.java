package io.ackgate.simulation.check;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.simulation.Story;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Under what condition a partition's promises hold: at every step one member of the ISR survives
 * with its disk. Once a stored ISR consists of harmed logs only, nothing is promised any more.
 *
 * <p>An owner's own change may end the promises only where it could not know better: some member
 * that stays was reconciled on a stream that was open as far as the owner could see ({@link
 * Proposals}).
 */
final class Assumption {
    private record Log(NodeId node, Incarnation incarnation) {}

    private final Map<Log, Harmed> harmed = new HashMap<>();
    private final Map<NodeId, Harmed> unsound = new HashMap<>();
    private final PartitionId partition;
    private final Story story;
    private @Nullable VoidReason lost;

    Assumption(PartitionId partition, Story story) {
        this.partition = partition;
        this.story = story;
    }

    boolean isLost() {
        return lost != null;
    }

    /** Why nothing is promised any more; null while something is. */
    @Nullable VoidReason lost() {
        return lost;
    }

    /** A log may lose, or has lost, what it acknowledged. */
    void harm(NodeId node, Incarnation incarnation, Harmed how, PartitionState stored) {
        harmed.putIfAbsent(new Log(node, incarnation), how);
        if (lost == null && isWithoutSurvivors(stored)) {
            Set<Harmed> all = harmOf(stored);
            lose(
                    all.equals(EnumSet.of(Harmed.POWER_LOST))
                            ? VoidReason.POWER_LOST
                            : VoidReason.DISKS_LOST);
        }
    }

    /** Every log on a node is harmed, and each that it will have, until it has another disk. */
    void harmAlways(NodeId node, Harmed how) {
        unsound.put(node, how);
    }

    void sound(NodeId node) {
        unsound.remove(node);
    }

    /** An owner's change has landed. */
    void stored(PartitionState state) {
        if (lost == null && isWithoutSurvivors(state)) {
            lose(
                    harmOf(state).contains(Harmed.DECAYED)
                            ? VoidReason.UNNOTICED_DECAY
                            : VoidReason.UNHEARD_LOSS);
        }
    }

    private void lose(VoidReason reason) {
        lost = reason;
        story.tell(
                () ->
                        "!! nothing is promised of p%d any more: %s"
                                .formatted(partition.partition(), reason.text()));
    }

    private boolean isWithoutSurvivors(PartitionState state) {
        return !state.isr().isEmpty() && survivors(state, Set.of()) == 0;
    }

    /** How many members of an ISR would have survived if these nodes were harmed too. */
    int survivors(PartitionState state, Set<NodeId> without) {
        int survivors = 0;
        for (ReplicaRef ref : state.isr()) {
            boolean survives = !without.contains(ref.node()) && harmOf(ref) == null;
            survivors += survives ? 1 : 0;
        }
        return survivors;
    }

    private @Nullable Harmed harmOf(ReplicaRef ref) {
        Harmed how = harmed.get(new Log(ref.node(), ref.incarnation()));
        return how != null ? how : unsound.get(ref.node());
    }

    private Set<Harmed> harmOf(PartitionState state) {
        Set<Harmed> all = EnumSet.noneOf(Harmed.class);
        for (ReplicaRef ref : state.isr()) {
            Harmed how = harmOf(ref);
            if (how != null) {
                all.add(how);
            }
        }
        return all;
    }
}
