package io.ackgate.gateway.partition.isr;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.InvariantBrokenException;
import io.ackgate.gateway.partition.PartitionInput.CasRefused;
import io.ackgate.gateway.partition.role.Context;
import java.util.List;

/**
 * The present {@link Isr} of an epoch, and the version under which it is stored.
 *
 * <p>A change counts as made and as not made until its compare-and-set is known to be applied, or
 * the stored version is seen to be past the one it expected: the high watermark is held by the
 * members of both. Reading the old version back proves nothing, the write may still land.
 * min.insync.replicas is counted on the committed one alone.
 */
public final class IsrState {
    private final Context context;
    private Isr isr;

    /** Version of the committed state; a pending change expects it. */
    private long version;

    /** Members of the committed ISR. */
    private int committedSize;

    public IsrState(Context context, PartitionState published, long version) {
        this.context = context;
        this.isr = Isr.committed(published);
        this.version = version;
        this.committedSize = isr.maximal().size();
    }

    /** What is committed, and pending, now. */
    public Isr now() {
        return isr;
    }

    public PartitionState committed() {
        return isr.committed();
    }

    public int committedSize() {
        return committedSize;
    }

    /** Members of the committed ISR and of the one that may be committed already. */
    public List<ReplicaRef> maximal() {
        return isr.maximal();
    }

    public boolean changing() {
        return isr instanceof Isr.Pending;
    }

    /** Whether another leader may be committed already. */
    public boolean leaderChanging() {
        return isr instanceof Isr.PendingLeader;
    }

    /**
     * Sends a change; none may be pending.
     *
     * @param why another replica is to lead; empty if none is
     */
    public void propose(PartitionState next, String why) {
        InvariantBrokenException.check(!changing(), () -> "two changes of the ISR at once");
        InvariantBrokenException.check(!next.neverPublished(), () -> "an empty ISR was proposed");
        isr = Isr.pending(isr.committed(), new PendingCas(context, version, next), why);
    }

    /** True when the pending change is now committed. */
    public boolean applied(long attempt, long newVersion) {
        if (!(isr instanceof Isr.Pending pending) || !pending.change().isAnsweredBy(attempt)) {
            return false;
        }
        commit(pending.change().wanted(), newVersion);
        return true;
    }

    /** True when what is stored is a later state of this owner's epoch, now taken as committed. */
    public boolean refused(CasRefused refused) {
        return isr instanceof Isr.Pending pending
                && pending.change().isAnsweredBy(refused.attempt())
                && seen(refused.version(), refused.stored());
    }

    /** As {@link #refused}, for a state that a watch saw. */
    public boolean seen(long seenVersion, PartitionState stored) {
        if (seenVersion <= version) {
            return false;
        }
        commit(stored, seenVersion);
        return true;
    }

    private void commit(PartitionState state, long newVersion) {
        isr = Isr.committed(state);
        version = newVersion;
        committedSize = isr.maximal().size();
    }

    public void unknown(long attempt) {
        if (isr instanceof Isr.Pending pending) {
            pending.change().unknown(attempt);
        }
    }

    /** Sends a change of unknown outcome again. */
    public void tick() {
        if (isr instanceof Isr.Pending pending) {
            pending.change().repeatIfDue();
        }
    }
}
