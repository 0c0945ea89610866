package io.ackgate.gateway.partition;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.PartitionInput.CasRefused;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The ISR as committed in the metadata store, and the change to it that may be on its way there.
 *
 * <p>A change counts as made and as not made until its compare-and-set is known to be applied, or
 * the stored version is seen to be past the one it expected: the high watermark is held by the
 * members of both (KIP-497's maximal ISR). Reading the old version back proves nothing, the write
 * may still land. min.insync.replicas is counted on the committed one alone.
 */
final class IsrState {
    private final Context context;
    private PartitionState committed;
    private long version;
    private int committedSize;
    private List<ReplicaRef> maximal;

    private @Nullable PartitionState pending;
    private long attempt;
    private boolean outcomeUnknown;
    private long retryAt;

    IsrState(Context context, PartitionState published, long version) {
        this.context = context;
        this.committed = published;
        this.version = version;
        this.maximal = published.isr();
        this.committedSize = maximal.size();
    }

    PartitionState committed() {
        return committed;
    }

    int committedSize() {
        return committedSize;
    }

    /** Members of the committed ISR and of the one that may be committed already. */
    List<ReplicaRef> maximal() {
        return maximal;
    }

    boolean changing() {
        return pending != null;
    }

    /** Whether another leader may be committed already. */
    boolean leaderChanging() {
        return pending != null && !pending.leader().equals(committed.leader());
    }

    void propose(PartitionState next) {
        InvariantBrokenException.check(pending == null, "two changes of the ISR at once");
        InvariantBrokenException.check(!next.neverPublished(), "an empty ISR was proposed");
        pending = next;
        maximal = union(committed.isr(), next.isr());
        send();
    }

    private void send() {
        if (pending != null) {
            outcomeUnknown = false;
            attempt = context.compareAndSet(version, pending);
        }
    }

    /** True when the pending change is now committed. */
    boolean applied(long appliedAttempt, long newVersion) {
        if (pending == null || appliedAttempt != attempt) {
            return false;
        }
        commit(pending, newVersion);
        return true;
    }

    /** True when what is stored is a later state of this owner's epoch, now taken as committed. */
    boolean refused(CasRefused refused) {
        return pending != null
                && refused.attempt() == attempt
                && seen(refused.version(), refused.stored());
    }

    /** As {@link #refused}, for a state that a watch saw. */
    boolean seen(long seenVersion, PartitionState stored) {
        if (seenVersion <= version) {
            return false;
        }
        commit(stored, seenVersion);
        return true;
    }

    private void commit(PartitionState state, long newVersion) {
        committed = state;
        version = newVersion;
        pending = null;
        outcomeUnknown = false;
        maximal = state.isr();
        committedSize = maximal.size();
    }

    void unknown(long unknownAttempt) {
        if (pending != null && unknownAttempt == attempt) {
            outcomeUnknown = true;
            retryAt = context.now + context.settings.casRetryNanos();
        }
    }

    /** Sends a change of unknown outcome again, unchanged: at most one of the two can land. */
    void tick() {
        if (outcomeUnknown && context.now - retryAt >= 0) {
            send();
        }
    }

    private static List<ReplicaRef> union(List<ReplicaRef> a, List<ReplicaRef> b) {
        Set<ReplicaRef> all = new LinkedHashSet<>(a);
        all.addAll(b);
        return List.copyOf(all);
    }
}
