package io.ackgate.gateway.partition.takeover;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.InvariantBrokenException;
import io.ackgate.gateway.partition.Mandate;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.partition.epoch.Promise;
import io.ackgate.gateway.partition.role.Context;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who leads the claimed epoch, from what the replicas have answered to its fence (protocol, step
 * 4).
 *
 * <p>The ISR of the claimed state is the electorate: one of its members that answers with the
 * incarnation named there is enough for safety, since every acknowledged record is on all of them.
 * Without any, a replica leads that was not in sync, where an operator or the topic allows it.
 */
final class Election {
    /** What the answers amount to. */
    sealed interface Choice {
        /** Not decided yet. */
        record Wait() implements Choice {}

        /** The members that answered are the ISR, and one of them leads. */
        record InSync(NodeId leader, List<ReplicaRef> isr) implements Choice {}

        /**
         * The leader was not in sync, and is alone in the ISR.
         *
         * @param keepsLog false if it begins with a new, empty log
         */
        record Unclean(NodeId leader, boolean byOperator, boolean keepsLog) implements Choice {}
    }

    private static final Choice WAIT = new Choice.Wait();

    private final Context context;
    private final PartitionState claimed;
    private final boolean firstEver;
    private final Map<NodeId, Promise> promises = new HashMap<>();
    private final Survey survey = new Survey();
    private @Nullable Mandate mandate;

    /**
     * Nobody has answered yet.
     *
     * @param firstEver whether no epoch was ever published: any replica may lead with its empty log
     */
    Election(Context context, PartitionState claimed, boolean firstEver) {
        this.context = context;
        this.claimed = claimed;
        this.firstEver = firstEver;
    }

    public Survey survey() {
        return survey;
    }

    public Map<NodeId, Promise> promises() {
        return promises;
    }

    public void mandate(@Nullable Mandate given) {
        mandate = given;
    }

    void promised(NodeId node, long stream, StorageAnswer.Fenced fenced) {
        promises.put(node, new Promise(stream, fenced));
        survey.answered(node, fenced);
    }

    /** It answered, and not with a log. */
    void without(NodeId node, StorageAnswer why) {
        promises.remove(node);
        survey.answered(node, why);
    }

    /** Its stream is gone, and with it what is known of its log. */
    public void forget(NodeId node) {
        promises.remove(node);
        survey.forget(node);
    }

    // ---- choosing

    /**
     * What may be decided after so long.
     *
     * @param waitedNanos since the fences were sent
     */
    Choice choose(long waitedNanos) {
        List<ReplicaRef> electorate = firstEver ? claimed.replicas() : claimed.isr();
        List<ReplicaRef> answered = electorate.stream().filter(this::counts).toList();
        if (answered.isEmpty()) {
            return firstEver ? WAIT : uncleanIfAllowed(waitedNanos);
        }
        PartitionSettings settings = context.settings;
        int enough = Math.min(settings.minInsyncReplicas(), electorate.size());
        boolean decided =
                answered.size() == electorate.size()
                        || (answered.size() >= enough
                                && waitedNanos >= settings.fencePatienceNanos())
                        || waitedNanos >= settings.fenceLastResortNanos();
        List<ReplicaRef> whole = decided ? whole(answered) : List.of();
        if (!whole.isEmpty()) {
            return new Choice.InSync(greatest(whole).node(), whole);
        }
        // All that answered are known to lack something: only an operator takes one of them.
        return decided && mandate != null ? uncleanIfAllowed(waitedNanos) : WAIT;
    }

    /** Leaves out the logs that are known to lack what is committed. */
    private List<ReplicaRef> whole(List<ReplicaRef> answered) {
        Promises named = Promises.named(claimed, promises);
        return answered.stream()
                .filter(ref -> !context.isDistrusted(ref))
                .filter(ref -> named.contradiction(ref.node()) == null)
                .toList();
    }

    private boolean counts(ReplicaRef ref) {
        Promise promise = promises.get(ref.node());
        return promise != null && promise.fenced().incarnation().equals(ref.incarnation());
    }

    /**
     * None of the ISR is there. Without a mandate nobody else leads before there is nothing more to
     * hear; with one, somebody who has answered by the last resort.
     */
    private Choice uncleanIfAllowed(long waitedNanos) {
        Mandate operators = mandate;
        boolean heard =
                survey.allSpoke(claimed) || waitedNanos >= context.settings.fenceLastResortNanos();
        if (operators != null && heard) {
            NodeId named = operators.leader();
            NodeId leader = named == null ? survey.longest(claimed) : named;
            return leader != null && survey.hasLog(leader)
                    ? new Choice.Unclean(leader, true, true)
                    : emptyIfAllowed(operators);
        }
        boolean byItself =
                operators == null
                        && context.settings.uncleanWhenAllAnswered()
                        && survey.isComplete(claimed);
        NodeId leader = byItself ? survey.longest(claimed) : null;
        return leader == null ? WAIT : new Choice.Unclean(leader, false, true);
    }

    /**
     * An operator gives all records up. Nobody begins with an empty log before every replica has
     * said that it has none: one that refuses, or is not heard, may have all of them, and would be
     * emptied when it comes back. No time that has passed says otherwise.
     */
    private Choice emptyIfAllowed(Mandate operators) {
        if (!operators.emptyLog() || !survey.isHopeless(claimed)) {
            return WAIT;
        }
        NodeId named = operators.leader();
        NodeId leader = named == null ? survey.firstWithoutLog(claimed) : named;
        return leader != null && survey.hasNoLog(leader)
                ? new Choice.Unclean(leader, true, false)
                : WAIT;
    }

    /**
     * The greatest (last epoch, log end offset); the old leader on a tie, then the first assigned.
     */
    private ReplicaRef greatest(List<ReplicaRef> answered) {
        ReplicaRef best = answered.get(0);
        for (ReplicaRef ref : answered) {
            int order = compare(fenced(ref), fenced(best));
            if (order > 0
                    || (order == 0 && claimed.leader().filter(ref.node()::equals).isPresent())) {
                best = ref;
            }
        }
        return best;
    }

    private StorageAnswer.Fenced fenced(ReplicaRef ref) {
        Promise promise = promises.get(ref.node());
        if (promise == null) {
            throw new InvariantBrokenException(ref + " was counted without an answer");
        }
        return promise.fenced();
    }

    private static int compare(StorageAnswer.Fenced a, StorageAnswer.Fenced b) {
        int byEpoch = Integer.compare(a.chain().lastEpoch(), b.chain().lastEpoch());
        return byEpoch != 0 ? byEpoch : Long.compare(a.logEnd(), b.logEnd());
    }
}
