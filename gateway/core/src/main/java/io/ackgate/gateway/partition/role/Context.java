package io.ackgate.gateway.partition.role;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.partition.SharedBudget;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageRequest;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What every role of a partition shares: who and what it is, the open streams, the present step.
 */
public final class Context {
    public final PartitionId id;
    public final GatewaySession me;
    public final SharedBudget budget;
    public PartitionSettings settings;

    /**
     * A step that comes so long after the one before shows that the process stood still, or that
     * the partition was idle: ticks come every few milliseconds.
     */
    private static final long LATE_NANOS = 100_000_000;

    /** A partition makes 2^40 requests before it makes those of the life after it. */
    private static final int REQUEST_BITS = 40;

    /** Time of the present step, nanoseconds. For deadlines and pauses. */
    public long now;

    /**
     * The time that has been watched over, nanoseconds: all that passed, without what passed while
     * the process stood still. By it others are judged: what they sent meanwhile has not been read
     * when the first tick comes.
     */
    public long watched;

    private boolean late;

    /** The newest state of the partition seen, and its version; null before any was. */
    public @Nullable PartitionState observed;

    public long observedVersion = -1;

    /** The greatest epoch that a replica refused us with: the next takeover must go beyond it. */
    public int refusedEpoch;

    /**
     * Logs that led an epoch and were proven to lack what is committed: they are not elected again.
     * They are few, since each has ended an epoch.
     */
    private final Set<ReplicaRef> distrusted = new HashSet<>();

    /** What the replicas answered to the last takeover; null once one has led to an epoch. */
    public @Nullable LastSurvey survey;

    /** What the replicas answered to a takeover. */
    public interface LastSurvey {
        /** One line for each assigned replica, in the order of their assignment. */
        List<PartitionStatus.ReplicaAnswer> tell(PartitionState state);
    }

    private final Map<NodeId, Long> streams = new LinkedHashMap<>();
    private Consumer<PartitionEffect> out = effect -> {};
    private long lastAttempt;
    private long lastRequestId;

    /**
     * What nobody has been told of yet.
     *
     * @param life see {@link io.ackgate.gateway.partition.Partition}
     */
    public Context(
            PartitionId id,
            GatewaySession me,
            PartitionSettings settings,
            SharedBudget budget,
            long life) {
        this.lastRequestId = life << REQUEST_BITS;
        this.id = id;
        this.me = me;
        this.settings = settings;
        this.budget = budget;
    }

    public void begin(long nowNanos, Consumer<PartitionEffect> effects) {
        watch(nowNanos - now);
        now = nowNanos;
        out = effects;
    }

    /**
     * A late step adds nothing. Where late ones follow each other something has been read between
     * them, and each adds what one in time could have: a machine that is always late judges slowly.
     */
    private void watch(long passed) {
        boolean lateBefore = late;
        late = passed > LATE_NANOS;
        if (!late) {
            watched += passed;
        } else if (lateBefore) {
            watched += LATE_NANOS;
        }
    }

    public void emit(PartitionEffect effect) {
        out.accept(effect);
    }

    public void happened(PartitionEvent event) {
        out.accept(new PartitionEffect.Happened(event));
    }

    public void complete(long token, ProduceOutcome outcome) {
        if (token != PartitionInput.Produce.NO_CALLER) {
            out.accept(new PartitionEffect.Complete(token, outcome));
        }
    }

    public void fail(long token, ErrorCode error, WriteStatus writeStatus, String detail) {
        complete(token, new ProduceOutcome.Failed(error, writeStatus, detail));
    }

    public void reply(long token, FetchOutcome outcome) {
        out.accept(new PartitionEffect.Reply(token, outcome));
    }

    public void send(NodeId node, long stream, StorageRequest request) {
        out.accept(new PartitionEffect.Send(node, stream, request));
    }

    /**
     * Asks a node for records, for a replica that lacks them or for a consumer.
     *
     * @param replica which lacks them; null if none does
     * @param token of the consumer's request, or 0
     */
    public void read(
            NodeId node, StorageRequest.Read request, @Nullable NodeId replica, long token) {
        emit(new PartitionEffect.Read(node, stream(node), request, replica, token));
    }

    public long compareAndSet(long expectedVersion, PartitionState next) {
        long attempt = ++lastAttempt;
        out.accept(new PartitionEffect.CompareAndSet(attempt, expectedVersion, next));
        return attempt;
    }

    /** Another for each request of a partition of this id, in whichever life. */
    public long nextRequestId() {
        return ++lastRequestId;
    }

    /** Takes a stream as the node's open one, unless a younger one is known. */
    public boolean opened(NodeId node, long stream) {
        Long known = streams.get(node);
        if (known != null && known >= stream) {
            return false;
        }
        streams.put(node, stream);
        return true;
    }

    public boolean closed(NodeId node, long stream) {
        return streams.remove(node, stream);
    }

    /** The open stream to a node, 0 when there is none. */
    public long stream(NodeId node) {
        return streams.getOrDefault(node, 0L);
    }

    /** Whether a stream is open to anybody who may lead the next epoch. */
    public boolean reachesElectorateOf(PartitionState state) {
        return state.electorate().stream().anyMatch(ref -> stream(ref.node()) != 0);
    }

    /** A log lacks what another replica calls committed. */
    public void distrust(ReplicaRef log) {
        distrusted.add(log.withInSync(true));
    }

    public boolean isDistrusted(ReplicaRef log) {
        return distrusted.contains(log.withInSync(true));
    }

    /** The answers of {@link #survey}. */
    public List<PartitionStatus.ReplicaAnswer> answers() {
        return survey == null || observed == null ? List.of() : survey.tell(observed);
    }

    /** Remembers a state if it is newer than the one known. */
    public void observe(long version, PartitionState state) {
        if (version > observedVersion) {
            observedVersion = version;
            observed = state;
        }
    }
}
