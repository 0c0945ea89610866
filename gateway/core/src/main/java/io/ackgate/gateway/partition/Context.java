package io.ackgate.gateway.partition;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
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
final class Context {
    final PartitionId id;
    final GatewaySession me;
    final SharedBudget budget;
    PartitionSettings settings;

    /**
     * A step that comes so long after the one before shows that the process stood still, or that
     * the partition was idle: ticks come every few milliseconds.
     */
    private static final long LATE_NANOS = 100_000_000;

    /** Time of the present step, nanoseconds. For deadlines and pauses. */
    long now;

    /**
     * The time that has been watched over, nanoseconds: all that passed, without what passed while
     * the process stood still. By it others are judged: what they sent meanwhile has not been read
     * when the first tick comes.
     */
    long watched;

    private boolean late;

    /** The newest state of the partition seen, and its version; null before any was. */
    @Nullable PartitionState observed;

    long observedVersion = -1;

    /** The greatest epoch that a replica refused us with: the next takeover must go beyond it. */
    int refusedEpoch;

    /**
     * Logs that led an epoch and were proven to lack what is committed: they are not elected again.
     * They are few, since each has ended an epoch.
     */
    private final Set<ReplicaRef> distrusted = new HashSet<>();

    /** What the replicas answered to the last takeover; null once one has led to an epoch. */
    @Nullable LastSurvey survey;

    /** What the replicas answered to a takeover. */
    interface LastSurvey {
        /** One line for each assigned replica, in the order of their assignment. */
        List<PartitionStatus.ReplicaAnswer> tell(PartitionState state);
    }

    private final Map<NodeId, Long> streams = new LinkedHashMap<>();
    private Consumer<PartitionEffect> out = effect -> {};
    private long lastAttempt;
    private long lastRequestId;

    Context(PartitionId id, GatewaySession me, PartitionSettings settings, SharedBudget budget) {
        this.id = id;
        this.me = me;
        this.settings = settings;
        this.budget = budget;
    }

    void begin(long nowNanos, Consumer<PartitionEffect> effects) {
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

    void emit(PartitionEffect effect) {
        out.accept(effect);
    }

    void happened(PartitionEvent event) {
        out.accept(new PartitionEffect.Happened(event));
    }

    void complete(long token, ProduceOutcome outcome) {
        if (token != PartitionInput.Produce.NO_CALLER) {
            out.accept(new PartitionEffect.Complete(token, outcome));
        }
    }

    void fail(long token, ProduceError error, WriteStatus writeStatus, String detail) {
        complete(token, new ProduceOutcome.Failed(error, writeStatus, detail));
    }

    void reply(long token, FetchOutcome outcome) {
        out.accept(new PartitionEffect.Reply(token, outcome));
    }

    void send(NodeId node, long stream, StorageRequest request) {
        out.accept(new PartitionEffect.Send(node, stream, request));
    }

    /**
     * Asks a node for records, for a replica that lacks them or for a consumer.
     *
     * @param replica which lacks them; null if none does
     * @param token of the consumer's request, or 0
     */
    void read(NodeId node, StorageRequest.Read request, @Nullable NodeId replica, long token) {
        emit(new PartitionEffect.Read(node, stream(node), request, replica, token));
    }

    long compareAndSet(long expectedVersion, PartitionState next) {
        long attempt = ++lastAttempt;
        out.accept(new PartitionEffect.CompareAndSet(attempt, expectedVersion, next));
        return attempt;
    }

    long nextRequestId() {
        return ++lastRequestId;
    }

    /** Takes a stream as the node's open one, unless a younger one is known. */
    boolean opened(NodeId node, long stream) {
        Long known = streams.get(node);
        if (known != null && known >= stream) {
            return false;
        }
        streams.put(node, stream);
        return true;
    }

    boolean closed(NodeId node, long stream) {
        return streams.remove(node, stream);
    }

    /** The open stream to a node, 0 when there is none. */
    long stream(NodeId node) {
        return streams.getOrDefault(node, 0L);
    }

    /** Whether a stream is open to anybody who may lead the next epoch. */
    boolean reachesElectorateOf(PartitionState state) {
        return state.electorate().stream().anyMatch(ref -> stream(ref.node()) != 0);
    }

    /** A log lacks what another replica calls committed. */
    void distrust(ReplicaRef log) {
        distrusted.add(log.withInSync(true));
    }

    boolean isDistrusted(ReplicaRef log) {
        return distrusted.contains(log.withInSync(true));
    }

    /** The answers of {@link #survey}. */
    List<PartitionStatus.ReplicaAnswer> answers() {
        return survey == null || observed == null ? List.of() : survey.tell(observed);
    }

    /** Remembers a state if it is newer than the one known. */
    void observe(long version, PartitionState state) {
        if (version > observedVersion) {
            observedVersion = version;
            observed = state;
        }
    }
}
