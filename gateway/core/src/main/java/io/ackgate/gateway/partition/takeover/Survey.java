package io.ackgate.gateway.partition.takeover;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.role.Context;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the replicas answered to the fence of one takeover: which of them has which log. It tells
 * who could lead, and what is lost if the leader was not in sync.
 */
final class Survey implements Context.LastSurvey {
    private final Map<NodeId, StorageAnswer> answers = new HashMap<>();

    public void answered(NodeId node, StorageAnswer answer) {
        answers.put(node, answer);
    }

    /** Its stream is another one: what it answered before says nothing of what it has now. */
    public void forget(NodeId node) {
        answers.remove(node);
    }

    /** The log that a replica answered with, whichever that is. */
    public StorageAnswer.@Nullable Fenced log(NodeId node) {
        return answers.get(node) instanceof StorageAnswer.Fenced fenced ? fenced : null;
    }

    /**
     * Whether nothing more is to come: each assigned replica has answered with a log, or has none.
     * A faulty one has bytes that an operator may yet save, so that it is for an operator to go on
     * without it.
     */
    boolean isComplete(PartitionState state) {
        return state.replicas().stream()
                .map(ref -> answers.get(ref.node()))
                .allMatch(
                        answer ->
                                answer instanceof StorageAnswer.Fenced
                                        || answer instanceof StorageAnswer.Missing);
    }

    /** Whether each assigned replica has said that it has no log, or a corrupt one. */
    boolean isHopeless(PartitionState state) {
        return state.replicas().stream().allMatch(ref -> hasNoLog(ref.node()));
    }

    /**
     * Whether a replica has said that it has no log, or a corrupt one. Where writing has failed, or
     * something could not be reached, the log may be whole.
     */
    boolean hasNoLog(NodeId node) {
        StorageAnswer answer = answers.get(node);
        return answer instanceof StorageAnswer.Missing
                || (answer instanceof StorageAnswer.Faulty faulty
                        && faulty.fault() == StorageAnswer.Fault.CORRUPT);
    }

    /** Whether a replica has said that no log can be used there now. It may have a whole one. */
    boolean cannotUseLog(NodeId node) {
        StorageAnswer answer = answers.get(node);
        return answer instanceof StorageAnswer.Missing || answer instanceof StorageAnswer.Faulty;
    }

    /** Why nobody may lead, and what an operator can do while none of the ISR has its log. */
    String offline(PartitionState state) {
        return "no member of the ISR answered with its log: %s; %s"
                .formatted(asText(state), wayOut(state));
    }

    private String wayOut(PartitionState state) {
        if (longest(state) != null) {
            return "an operator may elect a leader that is not in sync";
        }
        if (isHopeless(state)) {
            return "an operator may elect a leader with a new, empty log, which gives all records"
                    + " up";
        }
        String unknown =
                state.replicas().stream()
                        .map(ReplicaRef::node)
                        .filter(node -> !hasNoLog(node))
                        .map(NodeId::toString)
                        .collect(Collectors.joining(", "));
        return "%s may have the log still: mend and restart the node, or start it with an empty disk if that is lost; a new, empty log is begun only when every replica has answered that it has none, or a corrupt one"
                .formatted(unknown);
    }

    /**
     * Who is to begin with an empty log when nobody has another: a replica without any goes before
     * one whose log is corrupt. Null if nobody is there.
     */
    @Nullable NodeId firstWithoutLog(PartitionState state) {
        NodeId faulty = null;
        for (ReplicaRef ref : state.replicas()) {
            if (answers.get(ref.node()) instanceof StorageAnswer.Missing) {
                return ref.node();
            }
            faulty = faulty == null && hasNoLog(ref.node()) ? ref.node() : faulty;
        }
        return faulty;
    }

    /** Whether each assigned replica has said something. */
    boolean allSpoke(PartitionState state) {
        return state.replicas().stream().allMatch(ref -> answers.containsKey(ref.node()));
    }

    /**
     * The replica that holds most, in sync or not; the first assigned on a tie, null if none has a
     * log.
     */
    @Nullable NodeId longest(PartitionState state) {
        NodeId best = null;
        for (ReplicaRef ref : state.replicas()) {
            NodeId node = ref.node();
            boolean longer =
                    best == null
                            || lastEpoch(node) > lastEpoch(best)
                            || (lastEpoch(node) == lastEpoch(best) && logEnd(node) > logEnd(best));
            if (hasLog(node) && longer) {
                best = node;
            }
        }
        return best;
    }

    boolean hasLog(NodeId node) {
        return log(node) != null;
    }

    private int lastEpoch(NodeId node) {
        StorageAnswer.Fenced fenced = log(node);
        return fenced == null ? -1 : fenced.chain().lastEpoch();
    }

    private long logEnd(NodeId node) {
        StorageAnswer.Fenced fenced = log(node);
        return fenced == null ? -1 : fenced.logEnd();
    }

    @Override
    public List<PartitionStatus.ReplicaAnswer> tell(PartitionState state) {
        List<PartitionStatus.ReplicaAnswer> told = new ArrayList<>();
        for (ReplicaRef ref : state.replicas()) {
            told.add(tell(ref));
        }
        return told;
    }

    private PartitionStatus.ReplicaAnswer tell(ReplicaRef ref) {
        PartitionStatus.Answer kind = PartitionStatus.Answer.NONE;
        Incarnation incarnation = Incarnation.NONE;
        String detail = "";
        switch (answers.get(ref.node())) {
            case StorageAnswer.Fenced fenced -> {
                incarnation = fenced.incarnation();
                kind =
                        incarnation.equals(ref.incarnation())
                                ? PartitionStatus.Answer.LOG
                                : PartitionStatus.Answer.ANOTHER_LOG;
            }
            case StorageAnswer.Missing missing -> kind = PartitionStatus.Answer.MISSING;
            case StorageAnswer.Faulty faulty -> {
                kind = PartitionStatus.Answer.FAULTY;
                incarnation = faulty.incarnation();
                detail = faulty.fault() + " " + faulty.detail();
            }
            case StorageAnswer.Refused refused -> {
                kind = PartitionStatus.Answer.REFUSED;
                detail = refused.reason() + " " + refused.detail();
            }
            case null -> {}
            case StorageAnswer.Damaged _,
                    StorageAnswer.Whole _,
                    StorageAnswer.Reconciled _,
                    StorageAnswer.Appended _,
                    StorageAnswer.Records _,
                    StorageAnswer.OffsetListed _,
                    StorageAnswer.Producers _,
                    StorageAnswer.Configured _,
                    StorageAnswer.Deleted _ -> {
                // No answers to a fence.
            }
        }
        return new PartitionStatus.ReplicaAnswer(
                ref, kind, incarnation, lastEpoch(ref.node()), logEnd(ref.node()), detail);
    }

    /** What each assigned replica answered, as a part of a sentence. */
    String asText(PartitionState state) {
        List<String> parts = new ArrayList<>();
        tell(state).forEach(answer -> parts.add(answer.toString()));
        return String.join(", ", parts);
    }
}
