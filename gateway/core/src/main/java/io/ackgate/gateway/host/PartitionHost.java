package io.ackgate.gateway.host;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.ownership.Candidacy;
import io.ackgate.gateway.ownership.ClaimVerdict;
import io.ackgate.gateway.ownership.OfflineNotice;
import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionFactory;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.SharedBudget;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ProducerEntry;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One partition at one gateway: steps it, and claims it whenever the rules of {@link Candidacy} say
 * so. Thread-confined.
 *
 * <p>A partition that throws has a bug, or has met what cannot be: it resigns, everything that
 * waits for it is answered, and another one begins in its place after a while, unless another
 * gateway has it by then.
 */
public final class PartitionHost {
    private static final PartitionInput TICK = new PartitionInput.Tick();

    private final PartitionId id;
    private final GatewaySession me;
    private final SharedBudget budget;
    private final PartitionFactory factory;
    private final LongSupplier lives;
    private final OpenStreams streams;
    private final HostSettings host;
    private final Candidacy candidacy;
    private final PendingElections elections = new PendingElections();
    private final OfflineNotice offline = new OfflineNotice();
    private final Consumer<PartitionEffect> effects = this::emitted;

    private PartitionSettings settings;
    private PartitionLife partition;

    /** The newest state that was observed; its version only rises. */
    private @Nullable Seen seen;

    /** Set at the beginning of each step. */
    private long now;

    /** Set at the beginning of each step. */
    private HostEffect.Taker out = HostEffect.Taker.NONE;

    private record Seen(long version, PartitionState state) {}

    /**
     * A host whose partition is idle and knows no state yet.
     *
     * @param budget what the partitions of the gateway share
     * @param lives gives another number to each partition that begins, also after a host of the
     *     same id that is no more
     * @param streams asked during a step only
     */
    public PartitionHost(
            PartitionId id,
            GatewaySession me,
            PartitionSettings settings,
            HostSettings host,
            SharedBudget budget,
            PartitionFactory factory,
            LongSupplier lives,
            OpenStreams streams,
            long now) {
        this.id = id;
        this.me = me;
        this.settings = settings;
        this.host = host;
        this.budget = budget;
        this.factory = factory;
        this.lives = lives;
        this.streams = streams;
        this.now = now;
        this.partition = begun();
        this.candidacy =
                new Candidacy(id, me, settings, host.retryLeastNanos(), host.retryMostNanos(), now);
    }

    // ---- what happens to it

    /** Takes one input; {@code nowNanos} is of a clock that never goes back, any origin. */
    public void step(HostInput input, long nowNanos, HostEffect.Taker taker) {
        begin(nowNanos, taker);
        switch (input) {
            case HostInput.Observed(long version, var state) -> observed(version, state);
            case HostInput.Opened(var node, long stream) -> opened(node, stream);
            case HostInput.Closed(var node, long stream) -> closed(node, stream);
            case HostInput.Configured(var changed) -> configured(changed);
            case HostInput.Live(var gateways) -> candidacy.live(gateways, now);
            case HostInput.LeaseLost(String reason) -> {
                candidacy.live(Set.of(), now);
                resign(reason);
            }
            case HostInput.TakeOver() -> stepAnew(new PartitionInput.TakeOver());
            case HostInput.Resign(String reason) -> resign(reason);
            case HostInput.ElectUnclean elect -> electUnclean(elect);
            case HostInput.Cancel(long token) -> step(new PartitionInput.Cancel(token));
            case HostInput.CasEnded ended -> casEnded(ended);
            case HostInput.Tick() -> tick();
        }
    }

    /**
     * Asked before each request. Claims the partition if that is due, so that the request waits for
     * the takeover and not for the next tick.
     *
     * @return why the partition takes no request; null if it takes this one
     */
    public @Nullable String admit(long nowNanos, HostEffect.Taker taker) {
        begin(nowNanos, taker);
        claimIfDue();
        String stopped = partition.stopped();
        return stopped == null ? null : id + " is stopped at this gateway: " + stopped;
    }

    /** A request that was admitted. No {@link HostInput}, since it would be one more for each. */
    public void request(PartitionInput.Request request, long nowNanos, HostEffect.Taker taker) {
        begin(nowNanos, taker);
        step(request);
    }

    /** A storage node has answered. No {@link HostInput}, as with {@link #request}. */
    public void answered(PartitionInput.Answered answered, long nowNanos, HostEffect.Taker taker) {
        begin(nowNanos, taker);
        step(answered);
    }

    private void begin(long nowNanos, HostEffect.Taker taker) {
        now = nowNanos;
        out = taker;
    }

    // ---- how it stands

    /** When a tick has something to do, or is to be looked for it; see {@link HostInput.Tick}. */
    public long nextDueNanos() {
        long due = partition.isIdle() ? candidacy.dueAt() : partition.nextDueNanos();
        return Math.min(due, partition.casDeadlines.nextDueNanos());
    }

    /** Which of the partitions that began here, one after the other, is stepped now. */
    public long life() {
        return partition.number;
    }

    /** Whether this gateway neither owns the partition nor is about to. */
    public boolean isIdle() {
        return partition.isIdle();
    }

    /** Bytes of batches that it holds in memory. Cheap. */
    public long bufferedBytes() {
        return partition.bufferedBytes();
    }

    /** Reads that wait for records, or for a leader. Cheap. */
    public int waitingReads() {
        return partition.waitingReads();
    }

    /** How it stands; of a partition that is stopped only the stored state is known. */
    public PartitionStatus status(long nowNanos, HostEffect.Taker taker) {
        begin(nowNanos, taker);
        return status();
    }

    private PartitionStatus status() {
        PartitionStatus status = partition.status(seen == null ? null : seen.state());
        abandonIfStopped();
        return status;
    }

    /** What its owner knows of idempotent producers; nothing if the partition is stopped. */
    public List<ProducerEntry> producers(long nowNanos, HostEffect.Taker taker) {
        begin(nowNanos, taker);
        List<ProducerEntry> producers = partition.producers();
        abandonIfStopped();
        return producers;
    }

    // ---- who should own it

    private void tick() {
        for (long attempt : partition.casDeadlines.takeOverdue(now)) {
            step(new PartitionInput.CasUnknown(attempt));
        }
        if (isIdle()) {
            claimIfDue();
        } else {
            step(TICK);
        }
    }

    private void claimIfDue() {
        if (isIdle() && candidacy.isDue(now)) {
            switch (candidacy.judge(now)) {
                case ClaimVerdict.Claim() -> stepAnew(new PartitionInput.TakeOver());
                case ClaimVerdict.Release() -> stepAnew(new PartitionInput.Release());
                case ClaimVerdict.Unreachable(String detail) -> offline(detail);
                case ClaimVerdict.Wait waits -> {}
                case ClaimVerdict.NotOurs notOurs -> {}
            }
        }
    }

    private void observed(long version, PartitionState state) {
        Seen before = seen;
        if (before != null && before.version() >= version) {
            return;
        }
        Seen newest = new Seen(version, state);
        seen = newest;
        candidacy.observed(state, now);
        if (state.published() && !state.owner().equals(me)) {
            offline.over();
        }
        tell(newest);
    }

    private void tell(Seen newest) {
        for (ReplicaRef replica : newest.state().replicas()) {
            NodeId node = replica.node();
            if (partition.nodes.add(node)) {
                streams.to(node).ifPresent(stream -> opened(node, stream));
            }
        }
        step(new PartitionInput.StateObserved(newest.version(), newest.state()));
    }

    private void opened(NodeId node, long stream) {
        if (partition.nodes.contains(node)) {
            candidacy.opened(node, now);
            step(new PartitionInput.StreamOpened(node, stream));
        }
    }

    private void closed(NodeId node, long stream) {
        if (partition.nodes.contains(node)) {
            if (streams.to(node).isEmpty()) {
                candidacy.closed(node);
            }
            step(new PartitionInput.StreamClosed(node, stream));
        }
    }

    private void configured(PartitionSettings changed) {
        if (!changed.equals(settings)) {
            settings = changed;
            candidacy.configured(changed, now);
            step(new PartitionInput.Reconfigured(changed));
        }
    }

    private void electUnclean(HostInput.ElectUnclean elect) {
        if (elections.begin(elect.token(), status(), candidacy, out)) {
            stepAnew(new PartitionInput.ElectUnclean(elect.mandate()));
            elections.begun(elect.token(), isIdle(), out);
        }
    }

    // ---- stepping down

    /** The one way in which an owner steps down while its partition is as it should be. */
    private void resign(String reason) {
        step(new PartitionInput.Resign(reason));
        abandon(reason);
    }

    private void abandon(String reason) {
        out.take(new HostEffect.Abandon(reason));
        elections.end(new ElectionOutcome.Failed(reason), out);
    }

    private void casEnded(HostInput.CasEnded ended) {
        long attempt = ended.attempt();
        if (ended.life() != partition.number || !partition.casDeadlines.end(attempt)) {
            return;
        }
        switch (ended.outcome()) {
            case CasOutcome.Applied(long version) ->
                    step(new PartitionInput.CasApplied(attempt, version));
            case CasOutcome.Refused(long version, var stored) ->
                    step(new PartitionInput.CasRefused(attempt, version, stored));
            case CasOutcome.Unknown() -> step(new PartitionInput.CasUnknown(attempt));
            case CasOutcome.Gone() -> {
                String reason = "its topic was deleted";
                resign(reason);
                out.take(new HostEffect.Gone(reason));
            }
        }
    }

    // ---- the partition

    private void stepAnew(PartitionInput input) {
        if (partition.stopped() != null) {
            beginAnew();
        }
        step(input);
    }

    private PartitionLife begun() {
        long life = lives.getAsLong();
        return new PartitionLife(life, factory.create(id, me, settings, budget, life), this::broke);
    }

    /** In place of a partition that broke: it knows nothing of what that one knew. */
    private void beginAnew() {
        partition = begun();
        Seen newest = seen;
        if (newest != null) {
            tell(newest);
        }
    }

    private void step(PartitionInput input) {
        partition.step(input, now, effects);
        elections.stepped(this::status, out);
        abandonIfStopped();
    }

    private void abandonIfStopped() {
        String why = partition.takeStop();
        if (why != null) {
            abandon(why);
        }
    }

    private void broke(String by, Throwable bug) {
        String detail = "%s was thrown by %s".formatted(bug, by);
        partition.stop(detail);
        out.take(new HostEffect.Broke(detail, bug));
        PartitionEvent event = new PartitionEvent.InvariantBroken(detail);
        candidacy.happened(event, now);
        out.take(new PartitionEffect.Happened(event));
        Throwable again = partition.resign(detail, now, effects);
        if (again != null) {
            out.take(new HostEffect.Broke("it could not resign", again));
        }
    }

    private void emitted(PartitionEffect effect) {
        switch (effect) {
            case PartitionEffect.Happened(var event) -> happened(event, effect);
            case PartitionEffect.CompareAndSet change -> {
                partition.casDeadlines.add(change.attempt(), now + host.casTimeoutNanos());
                out.take(effect);
            }
            case PartitionEffect.Send _,
                    PartitionEffect.Read _,
                    PartitionEffect.ReadBackEnded _,
                    PartitionEffect.Complete _,
                    PartitionEffect.Progress _,
                    PartitionEffect.Reply _ ->
                    out.take(effect);
        }
    }

    private void happened(PartitionEvent event, PartitionEffect effect) {
        candidacy.happened(event, now);
        if (event instanceof PartitionEvent.InvariantBroken(String detail)) {
            // It answers what it has in this very step, and then stays stopped for a while.
            partition.stop(detail);
        }
        out.take(effect);
        elections.happened(event);
        if (event instanceof PartitionEvent.Serving) {
            offline.over();
        } else if (event instanceof PartitionEvent.TakeoverFailed failed
                && failed.cause() == PartitionEvent.Cause.OFFLINE) {
            offline(failed.reason());
        }
    }

    private void offline(String reason) {
        PartitionEvent.Offline news = offline.because(reason);
        if (news != null) {
            out.take(new PartitionEffect.Happened(news));
        }
    }
}
