package io.ackgate.gateway.partition.takeover;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.Mandate;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionEvent.Cause;
import io.ackgate.gateway.partition.PartitionInput.Answered;
import io.ackgate.gateway.partition.PartitionInput.CasApplied;
import io.ackgate.gateway.partition.PartitionInput.CasRefused;
import io.ackgate.gateway.partition.PartitionInput.CasUnknown;
import io.ackgate.gateway.partition.PartitionInput.Request;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.isr.PendingCas;
import io.ackgate.gateway.partition.role.Context;
import io.ackgate.gateway.partition.role.HeldRequests;
import io.ackgate.gateway.partition.role.Idle;
import io.ackgate.gateway.partition.role.Role;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From the claim of an epoch to the publication of its leader and ISR (protocol, steps 2 to 5). */
public final class Takeover implements Role {
    private enum Stage {
        CLAIMING,
        FENCING,
        PUBLISHING,
        /** A leader that was not in sync is published; its log gets the incarnation named there. */
        ASSIGNING
    }

    private final Context context;
    private final HeldRequests held;
    private final int epoch;
    private final long startedAt;

    /** No epoch was ever published: empty logs are created, and any of them may lead. */
    private final boolean firstEver;

    private final Election election;
    private Stage stage = Stage.CLAIMING;
    private PartitionState claimed;
    private long claimedVersion;

    /**
     * Since when its time runs, by {@link Context#watched}: from its beginning, anew once the claim
     * is stored, since others then give the epoch as much time to be published, and anew once it is
     * published, if its leader has to take a new log then.
     */
    private long since;

    /** The claim, or the publication; the last one once it is applied. */
    private PendingCas change;

    /** Replicas whose refusal may pass, and when to ask them again. */
    private final Map<NodeId, Long> askAgainAt = new HashMap<>();

    /** Who is to lead without being in sync; null as long as that is nobody. */
    private @Nullable UncleanLeader unclean;

    private Takeover(Context context, PartitionState observed, @Nullable Mandate mandate) {
        this.context = context;
        this.held = new HeldRequests(context);
        this.startedAt = context.now;
        this.since = context.watched;
        this.epoch = Math.max(observed.leaderEpoch(), context.refusedEpoch) + 1;
        this.firstEver = observed.neverPublished();
        this.claimed = claim(observed);
        this.election = new Election(context, claimed, firstEver);
        election.mandate(mandate);
        context.survey = election.survey();
        context.happened(new PartitionEvent.TakeoverStarted(epoch));
        this.change = new PendingCas(context, context.observedVersion, claimed);
    }

    /** Claims the next epoch of the newest state seen, which must be known. */
    public static Takeover begin(Context context, @Nullable Mandate mandate) {
        PartitionState observed = context.observed;
        if (observed == null) {
            throw new IllegalStateException("no state of " + context.id + " is known");
        }
        return new Takeover(context, observed, mandate);
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
        if (!change.isAnsweredBy(applied.attempt())) {
            return this;
        }
        context.observe(applied.version(), change.wanted());
        return stored(applied.version());
    }

    @Override
    public Role casRefused(CasRefused refused) {
        if (!change.isAnsweredBy(refused.attempt())) {
            return this;
        }
        if (refused.stored().equals(change.wanted())) {
            // An earlier attempt of unknown outcome had landed: nobody else writes this owner's
            // epoch.
            return stored(refused.version());
        }
        return giveUp(Cause.SUPERSEDED, "another gateway was faster: " + refused.stored());
    }

    @Override
    public Role casUnknown(CasUnknown unknown) {
        change.unknown(unknown.attempt());
        return this;
    }

    private Role stored(long version) {
        if (stage == Stage.CLAIMING) {
            stage = Stage.FENCING;
            claimedVersion = version;
            since = context.watched;
            for (ReplicaRef ref : claimed.replicas()) {
                fence(ref.node());
            }
            return this;
        }
        claimedVersion = version;
        UncleanLeader leader = unclean;
        if (leader == null) {
            return lead();
        }
        stage = Stage.ASSIGNING;
        since = context.watched;
        return assignOrLead(leader);
    }

    private Role lead() {
        context.survey = null;
        return EpochStart.begin(
                context, held, change.wanted(), claimedVersion, election.promises(), startedAt);
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
                election.promised(node, answered.stream(), fenced);
                yield electIfDecided();
            }
            case StorageAnswer.Missing missing -> without(node, missing);
            case StorageAnswer.Faulty faulty -> without(node, faulty);
            case StorageAnswer.Refused refused -> refused(node, refused);
            case StorageAnswer.Reconciled _, StorageAnswer.Damaged _, StorageAnswer.Whole _ -> this;
            case StorageAnswer.Appended _, StorageAnswer.Records _ -> this;
            case StorageAnswer.OffsetListed _, StorageAnswer.Producers _ -> this;
            case StorageAnswer.Configured _, StorageAnswer.Deleted _ -> this;
        };
    }

    private Role without(NodeId node, StorageAnswer why) {
        election.without(node, why);
        return electIfDecided();
    }

    private Role refused(NodeId node, StorageAnswer.Refused refused) {
        if (refused.reason() == StorageAnswer.Refusal.STALE_EPOCH) {
            context.refusedEpoch = Math.max(context.refusedEpoch, refused.heldEpoch());
            return giveUp(Cause.OTHER, node + " is fenced by epoch " + refused.heldEpoch());
        }
        election.without(node, refused);
        if (unclean != null) {
            unclean.refused(node);
        }
        askAgainAt.put(node, context.now + context.settings.casRetryNanos());
        return this;
    }

    @Override
    public Role sessionOpened(NodeId node, long stream) {
        election.forget(node);
        if (stage != Stage.CLAIMING && claimed.replica(node).isPresent()) {
            fence(node);
        }
        return this;
    }

    @Override
    public Role streamClosed(NodeId node) {
        election.forget(node);
        return this;
    }

    // ---- step 4: elect

    private Role electIfDecided() {
        if (stage != Stage.FENCING) {
            return stage == Stage.ASSIGNING && unclean != null ? assignOrLead(unclean) : this;
        }
        return switch (election.choose(context.watched - since)) {
            case Election.Choice.Wait() -> this;
            case Election.Choice.InSync(var leader, var isr) -> publish(leader, isr);
            case Election.Choice.Unclean chosen -> publishUnclean(chosen);
        };
    }

    private Role publish(NodeId leader, List<ReplicaRef> isr) {
        List<ReplicaRef> replicas = new ArrayList<>(claimed.replicas());
        replicas.replaceAll(ref -> ref.withInSync(isr.contains(ref)));
        return publish(claimed.with(leader, replicas));
    }

    private Role publish(PartitionState state) {
        stage = Stage.PUBLISHING;
        change = new PendingCas(context, claimedVersion, state);
        return this;
    }

    private Role publishUnclean(Election.Choice.Unclean chosen) {
        UncleanLeader leader = new UncleanLeader(chosen, election.survey(), claimed);
        unclean = leader;
        context.happened(
                new PartitionEvent.UncleanElection(
                        epoch,
                        chosen.leader(),
                        chosen.byOperator(),
                        chosen.keepsLog(),
                        election.survey().asText(claimed)));
        return publish(leader.published());
    }

    private Role assignOrLead(UncleanLeader leader) {
        if (leader.leads()) {
            return lead();
        }
        if (leader.isRefuted(context)) {
            return giveUp(
                    Cause.OTHER,
                    "the logs are not those by which %s was elected: %s"
                            .formatted(leader, election.survey().asText(claimed)));
        }
        leader.assignIfShown(context);
        return this;
    }

    // ---- giving up

    @Override
    public Role stateObserved() {
        PartitionState observed = context.observed;
        if (observed == null || observed.isOwnedIn(epoch, context.me)) {
            return this;
        }
        // A claim that was not stored yet never will be: the version that it expects has passed.
        return observed.leaderEpoch() >= epoch || stage == Stage.CLAIMING
                ? giveUp(Cause.SUPERSEDED, "another gateway was faster: " + observed)
                : this;
    }

    @Override
    public Role tick() {
        held.expire();
        Stage before = stage;
        Role next = electIfDecided();
        if (next != this || stage != before) {
            // What has become due with the end of the time is not given up.
            return next;
        }
        if (context.watched - since >= context.settings.takeoverTimeoutNanos()) {
            return tooLate();
        }
        sendAgain();
        return this;
    }

    /** Ends the takeover, as soon as nothing is at the metadata store that it may store yet. */
    private Role tooLate() {
        return switch (stage) {
            case FENCING -> giveUp(Cause.OFFLINE, election.survey().offline(claimed));
            case CLAIMING, PUBLISHING ->
                    change.isAwaited()
                            ? this
                            : giveUp(Cause.OTHER, "the metadata store did not answer");
            case ASSIGNING -> giveUp(Cause.OTHER, unclean + " did not take its new incarnation");
        };
    }

    /** Repeats a change whose outcome is unknown, and fences that were refused. */
    private void sendAgain() {
        boolean worthIt = stage != Stage.CLAIMING || context.reachesElectorateOf(claimed);
        if (worthIt) {
            change.repeatIfDue();
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
    }

    @Override
    public Role electUnclean(Mandate given) {
        election.mandate(given);
        return electIfDecided();
    }

    private Role giveUp(Cause cause, String reason) {
        return Idle.after(context, held, epoch, cause, reason);
    }

    @Override
    public Role resign(String reason) {
        return giveUp(Cause.RESIGNED, reason);
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
                    case PUBLISHING, ASSIGNING -> PartitionStatus.Phase.PUBLISHING;
                };
        return PartitionStatus.notOwner(phase, context.observed, election.survey().tell(claimed));
    }
}
