package io.ackgate.gateway.partition;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.PartitionEvent.Cause;
import io.ackgate.gateway.partition.PartitionInput.Answered;
import io.ackgate.gateway.partition.PartitionInput.CasApplied;
import io.ackgate.gateway.partition.PartitionInput.CasRefused;
import io.ackgate.gateway.partition.PartitionInput.CasUnknown;
import io.ackgate.gateway.partition.PartitionInput.Request;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * From the claim of an epoch to the publication of its leader and ISR (protocol, steps 2 to 5).
 *
 * <p>The ISR in the claimed state is the electorate: one of its members that answers with the
 * incarnation named there is enough for safety, since every acknowledged record is on all of them.
 */
final class Takeover implements Role {
    private enum Stage {
        CLAIMING,
        FENCING,
        PUBLISHING
    }

    /** A member of the electorate, or another replica, that promised itself to this epoch. */
    record Promise(long stream, StorageAnswer.Fenced fenced) {}

    private final Context context;
    private final HeldRequests held;
    private final int epoch;
    private final long startedAt;
    private final long watchedSince;

    /** No epoch was ever published: empty logs are created, and any of them may lead. */
    private final boolean firstEver;

    private final Map<NodeId, Promise> promises = new HashMap<>();
    private Stage stage = Stage.CLAIMING;
    private PartitionState claimed;
    private long claimedVersion;
    private long fencingSince;

    /** The compare-and-set under way, repeated unchanged while its outcome is unknown. */
    private PartitionState wanted;

    private long expectedVersion;
    private long attempt;
    private boolean outcomeUnknown;
    private long retryAt;

    /** Replicas whose refusal may pass, and when to ask them again. */
    private final Map<NodeId, Long> askAgainAt = new HashMap<>();

    private Takeover(Context context, PartitionState observed) {
        this.context = context;
        this.held = new HeldRequests(context);
        this.startedAt = context.now;
        this.watchedSince = context.watched;
        this.epoch = Math.max(observed.leaderEpoch(), context.refusedEpoch) + 1;
        this.firstEver = observed.neverPublished();
        this.claimed = claim(observed);
        this.wanted = claimed;
        this.expectedVersion = context.observedVersion;
    }

    /** Claims the next epoch of the newest state seen, which must be known. */
    static Takeover begin(Context context) {
        PartitionState observed = context.observed;
        if (observed == null) {
            throw new IllegalStateException("no state of " + context.id + " is known");
        }
        Takeover takeover = new Takeover(context, observed);
        context.happened(new PartitionEvent.TakeoverStarted(takeover.epoch));
        takeover.attempt = context.compareAndSet(takeover.expectedVersion, takeover.wanted);
        return takeover;
    }

    private PartitionState claim(PartitionState observed) {
        PartitionState claim = observed.claimedBy(context.me, epoch);
        if (firstEver) {
            int serial = 0;
            for (ReplicaRef ref : observed.replicas()) {
                claim = claim.withReplica(ref.withIncarnation(Incarnation.of(epoch, ++serial)));
            }
        }
        return claim;
    }

    // ---- the compare-and-sets of steps 2 and 5

    @Override
    public Role casApplied(CasApplied applied) {
        if (applied.attempt() != attempt) {
            return this;
        }
        context.observe(applied.version(), wanted);
        return stored(applied.version());
    }

    @Override
    public Role casRefused(CasRefused refused) {
        if (refused.attempt() != attempt) {
            return this;
        }
        if (refused.stored().equals(wanted)) {
            // An earlier attempt of unknown outcome had landed: nobody else writes this owner's
            // epoch.
            return stored(refused.version());
        }
        return giveUp(Cause.SUPERSEDED, "another gateway was faster: " + refused.stored());
    }

    @Override
    public Role casUnknown(CasUnknown unknown) {
        if (unknown.attempt() == attempt) {
            outcomeUnknown = true;
            retryAt = context.now + context.settings.casRetryNanos();
        }
        return this;
    }

    private Role stored(long version) {
        outcomeUnknown = false;
        if (stage == Stage.CLAIMING) {
            stage = Stage.FENCING;
            claimedVersion = version;
            fencingSince = context.watched;
            for (ReplicaRef ref : claimed.replicas()) {
                fence(ref.node());
            }
            return this;
        }
        return EpochStart.begin(context, held, wanted, version, promises, startedAt);
    }

    // ---- step 3: fence

    private void fence(NodeId node) {
        long stream = context.stream(node);
        if (stream == 0) {
            return;
        }
        StorageRequest request =
                firstEver
                        ? new StorageRequest.Assign(
                                context.id,
                                epoch,
                                claimed.replica(node).orElseThrow().incarnation(),
                                context.settings.replica(),
                                false)
                        : new StorageRequest.Fence(context.id, epoch);
        context.send(node, stream, request);
    }

    @Override
    public Role answered(Answered answered) {
        if (answered.answer().epoch() != epoch || claimed.replica(answered.node()).isEmpty()) {
            return this;
        }
        NodeId node = answered.node();
        return switch (answered.answer()) {
            case StorageAnswer.Fenced fenced -> {
                promises.put(node, new Promise(answered.stream(), fenced));
                yield electIfDecided();
            }
            case StorageAnswer.Missing missing -> without(node, "it has no such replica");
            case StorageAnswer.Faulty faulty ->
                    without(node, faulty.fault() + " " + faulty.detail());
            case StorageAnswer.Refused refused -> refused(node, refused);
            case StorageAnswer.Joined joined -> this;
            case StorageAnswer.Appended appended -> this;
            case StorageAnswer.Records records -> this;
            case StorageAnswer.OffsetFound found -> this;
            case StorageAnswer.Producers producers -> this;
            case StorageAnswer.Configured configured -> this;
            case StorageAnswer.Deleted deleted -> this;
        };
    }

    private Role without(NodeId node, String reason) {
        // Whatever it has answered before, on this stream, it is not good for it any more.
        promises.remove(node);
        context.happened(new PartitionEvent.ReplicaLost(node, reason));
        return this;
    }

    private Role refused(NodeId node, StorageAnswer.Refused refused) {
        if (refused.reason() == StorageAnswer.Refusal.STALE_EPOCH) {
            context.refusedEpoch = Math.max(context.refusedEpoch, (int) refused.value());
            return giveUp(Cause.OTHER, node + " is fenced by epoch " + refused.value());
        }
        context.happened(
                new PartitionEvent.ReplicaRefused(node, refused.reason() + " " + refused.detail()));
        askAgainAt.put(node, context.now + context.settings.casRetryNanos());
        return this;
    }

    @Override
    public Role sessionOpened(NodeId node, long stream) {
        promises.remove(node);
        if (stage != Stage.CLAIMING && claimed.replica(node).isPresent()) {
            fence(node);
        }
        return this;
    }

    @Override
    public Role sessionClosed(NodeId node) {
        promises.remove(node);
        return this;
    }

    // ---- step 4: elect

    private boolean counts(ReplicaRef ref) {
        Promise promise = promises.get(ref.node());
        return promise != null && promise.fenced().incarnation().equals(ref.incarnation());
    }

    private List<ReplicaRef> electorate() {
        return firstEver ? claimed.replicas() : claimed.isr();
    }

    private Role electIfDecided() {
        if (stage != Stage.FENCING) {
            return this;
        }
        List<ReplicaRef> electorate = electorate();
        List<ReplicaRef> answered = electorate.stream().filter(this::counts).toList();
        int enough = Math.min(context.settings.minInsyncReplicas(), electorate.size());
        long waited = context.watched - fencingSince;
        boolean decided =
                answered.size() == electorate.size()
                        || (answered.size() >= enough
                                && waited >= context.settings.fencePatienceNanos())
                        || (!answered.isEmpty()
                                && waited >= context.settings.fenceLastResortNanos());
        List<ReplicaRef> whole = decided ? whole(answered) : List.of();
        return whole.isEmpty() ? this : publish(whole);
    }

    /** Leaves out the logs that are known to lack what is committed. */
    private List<ReplicaRef> whole(List<ReplicaRef> answered) {
        Promises named = Promises.named(claimed, promises);
        return answered.stream()
                .filter(ref -> !context.isDistrusted(ref))
                .filter(ref -> named.contradiction(ref.node()) == null)
                .toList();
    }

    private Role publish(List<ReplicaRef> answered) {
        NodeId leader = greatest(answered).node();
        List<ReplicaRef> replicas = new ArrayList<>(claimed.replicas());
        replicas.replaceAll(ref -> ref.withInSync(answered.contains(ref)));
        stage = Stage.PUBLISHING;
        wanted = claimed.with(leader, replicas);
        expectedVersion = claimedVersion;
        attempt = context.compareAndSet(expectedVersion, wanted);
        return this;
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

    // ---- giving up

    @Override
    public Role stateObserved() {
        PartitionState observed = context.observed;
        return observed != null && observed.leaderEpoch() > epoch
                ? giveUp(Cause.SUPERSEDED, "a newer epoch was claimed: " + observed)
                : this;
    }

    @Override
    public Role tick() {
        held.expire();
        if (context.watched - watchedSince >= context.settings.takeoverTimeoutNanos()) {
            return stage == Stage.FENCING
                    ? giveUp(Cause.OFFLINE, "no member of the ISR answered, of " + electorate())
                    : giveUp(Cause.OTHER, "the metadata store did not answer");
        }
        boolean worthIt = stage != Stage.CLAIMING || context.reachesElectorateOf(claimed);
        if (outcomeUnknown && worthIt && context.now - retryAt >= 0) {
            outcomeUnknown = false;
            attempt = context.compareAndSet(expectedVersion, wanted);
        }
        askAgainAt
                .entrySet()
                .removeIf(
                        again -> {
                            boolean due = context.now - again.getValue() >= 0;
                            if (due) {
                                fence(again.getKey());
                            }
                            return due;
                        });
        return electIfDecided();
    }

    private Role giveUp(Cause cause, String reason) {
        held.refuseAll();
        context.happened(new PartitionEvent.TakeoverFailed(epoch, cause, reason));
        return new Idle(context);
    }

    @Override
    public Role letGo(String reason) {
        return giveUp(Cause.LET_GO, reason);
    }

    @Override
    public Role request(Request request) {
        held.hold(request);
        return this;
    }

    @Override
    public void cancel(long token) {
        held.cancel(token);
    }

    @Override
    public int waitingReads() {
        return held.reads();
    }

    @Override
    public Role reconfigured() {
        return this;
    }

    @Override
    public long bufferedBytes() {
        return held.bytes();
    }

    @Override
    public PartitionStatus status() {
        PartitionStatus.Phase phase =
                switch (stage) {
                    case CLAIMING -> PartitionStatus.Phase.CLAIMING;
                    case FENCING -> PartitionStatus.Phase.FENCING;
                    case PUBLISHING -> PartitionStatus.Phase.PUBLISHING;
                };
        return new PartitionStatus(phase, context.observed, -1, -1, 0, List.of());
    }
}
