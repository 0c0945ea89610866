package io.ackgate.gateway.partition.isr;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The ISR that is committed in the metadata store, and the change to it that may be on its way
 * there, in Kafka's shapes. One change is on its way at a time, and may do several things at once:
 * its shape says what the owner must heed until it is known to be applied.
 */
public sealed interface Isr {
    /** The last state known to be stored. */
    PartitionState committed();

    /**
     * The members that hold the high watermark: those of the committed ISR and of the one that may
     * be committed already (KIP-497's maximal ISR).
     */
    List<ReplicaRef> maximal();

    /** No change is on its way. */
    record Committed(PartitionState committed, List<ReplicaRef> maximal) implements Isr {}

    /** A change whose compare-and-set is not known to be applied. */
    sealed interface Pending extends Isr {
        PendingCas change();
    }

    /** Nobody is added: a member that is removed counts until it is known to be. */
    record PendingShrink(PartitionState committed, List<ReplicaRef> maximal, PendingCas change)
            implements Pending {}

    /** A member is added, and counts from now on. */
    record PendingExpand(PartitionState committed, List<ReplicaRef> maximal, PendingCas change)
            implements Pending {}

    /**
     * Another replica is to lead: neither it nor the old leader answers acks=1 alone.
     *
     * @param why what is wrong with the old leader
     */
    record PendingLeader(
            PartitionState committed, List<ReplicaRef> maximal, PendingCas change, String why)
            implements Pending {}

    /** A state that is known to be stored. */
    static Isr committed(PartitionState state) {
        return new Committed(state, state.isr());
    }

    /**
     * The committed state, and a change that was sent.
     *
     * @param why another replica is to lead, if one is
     */
    static Pending pending(PartitionState committed, PendingCas change, String why) {
        PartitionState next = change.wanted();
        List<ReplicaRef> both = union(committed.isr(), next.isr());
        if (!next.leader().equals(committed.leader())) {
            return new PendingLeader(committed, both, change, why);
        }
        return both.size() > committed.isr().size()
                ? new PendingExpand(committed, both, change)
                : new PendingShrink(committed, both, change);
    }

    private static List<ReplicaRef> union(List<ReplicaRef> a, List<ReplicaRef> b) {
        Set<ReplicaRef> all = new LinkedHashSet<>(a);
        all.addAll(b);
        return List.copyOf(all);
    }
}
