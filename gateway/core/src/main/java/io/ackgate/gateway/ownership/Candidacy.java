package io.ackgate.gateway.ownership;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionEvent.TakeoverFailed;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One gateway as a candidate for one partition (protocol, "Ownership and fencing", rule 8).
 *
 * <ul>
 *   <li>It claims nothing that it could not publish: it needs open streams to members of the
 *       electorate, to min.insync.replicas of them where a live owner is to be replaced or where it
 *       has not waited yet, to one at the least.
 *   <li>A partition without a live owner is the first gateway's in rendezvous order; each takeover
 *       timeout later the next one may claim it as well.
 *   <li>A claim that is not published belongs to its gateway for one takeover timeout. Then it is
 *       the turn of the others, in the same order.
 *   <li>A gateway at which the partition broke, or failed again and again, stands back for the
 *       others for a while. Alone it goes on trying.
 * </ul>
 *
 * Thread-confined. All times are of one clock that never goes back.
 */
public final class Candidacy {
    /** Who has the partition, as far as this gateway can know. */
    private enum Holder {
        /** A live gateway has published its epoch. */
        OWNER,
        /** A live gateway has claimed an epoch and not published it. */
        CLAIMANT,
        /** This gateway has, and is idle: it goes on with no epoch that it stopped. */
        THIS_ONE,
        NOBODY
    }

    private static final ClaimVerdict CLAIM = new ClaimVerdict.Claim();
    private static final ClaimVerdict NOT_OURS = new ClaimVerdict.NotOurs();
    private static final ClaimVerdict RELEASE = new ClaimVerdict.Release();

    private final PartitionId id;
    private final GatewaySession me;
    private final long retryLeastNanos;
    private final Setbacks setbacks;
    private final Set<NodeId> reached = new HashSet<>();
    private PartitionSettings settings;
    private List<GatewaySession> order = List.of();
    private @Nullable PartitionState state;
    private Holder holder = Holder.NOBODY;
    private int heldEpoch = -1;

    /** Since when {@link #holder} has been the one it is, in the epoch that it is. */
    private long since;

    /** When to judge again if nothing new is told; {@link Long#MAX_VALUE} for never. */
    private long dueAt;

    private boolean broken;
    private boolean served;
    private long servingSince;

    /**
     * A gateway that knows neither the partition's state nor any live gateway yet.
     *
     * @param retryLeastNanos pause after a failure that may pass at once; doubles with each
     * @param retryMostNanos the longest such pause
     */
    public Candidacy(
            PartitionId id,
            GatewaySession me,
            PartitionSettings settings,
            long retryLeastNanos,
            long retryMostNanos,
            long now) {
        this.id = id;
        this.me = me;
        this.settings = settings;
        this.since = now;
        this.dueAt = now;
        this.retryLeastNanos = retryLeastNanos;
        long seed = Rendezvous.mix(me.value() ^ Rendezvous.hash(id));
        this.setbacks = new Setbacks(seed, retryLeastNanos, retryMostNanos, now);
    }

    // ---- what it is told

    /** These gateways are live; without this one among them it is no candidate. */
    public void live(Collection<GatewaySession> gateways, long now) {
        order = gateways.contains(me) ? Rendezvous.order(id, gateways) : List.of();
        look(now);
    }

    /** The newest state seen. */
    public void observed(PartitionState seen, long now) {
        state = seen;
        look(now);
    }

    public void opened(NodeId node, long now) {
        if (reached.add(node) && isReplica(node)) {
            setbacks.mayHaveEnded(now);
            dueAt = now;
        }
    }

    public void closed(NodeId node) {
        reached.remove(node);
    }

    /** The topic has other settings, which may allow what they did not. */
    public void configured(PartitionSettings changed, long now) {
        settings = changed;
        setbacks.mayHaveEnded(now);
        dueAt = now;
    }

    /** An event of the partition at this gateway. */
    public void happened(PartitionEvent event, long now) {
        long timeout = settings.takeoverTimeoutNanos();
        if (!(event instanceof PartitionEvent.Released)) {
            dueAt = now;
        }
        switch (event) {
            case PartitionEvent.TakeoverStarted started -> {
                broken = false;
                served = false;
            }
            case PartitionEvent.Serving serving -> {
                served = true;
                servingSince = now;
            }
            case TakeoverFailed failed -> {
                switch (failed.cause()) {
                    case SUPERSEDED -> setbacks.superseded(now);
                    case OFFLINE -> setbacks.failed(Setbacks.Kind.OFFLINE, timeout, now);
                    case OTHER -> setbacks.failed(Setbacks.Kind.PASSING, timeout, now);
                    case RESIGNED -> {}
                }
            }
            case PartitionEvent.Stopped stopped -> stopped(stopped.epoch(), timeout, now);
            case PartitionEvent.InvariantBroken invariant -> {
                broken = true;
                setbacks.failed(Setbacks.Kind.BROKEN, timeout, now);
            }
            case PartitionEvent.Published ignored -> {}
            case PartitionEvent.IsrShrunk ignored -> {}
            case PartitionEvent.IsrExpanded ignored -> {}
            case PartitionEvent.LeaderChanged ignored -> {}
            case PartitionEvent.ReplicaReconciled ignored -> {}
            case PartitionEvent.ReplicaLost ignored -> {}
            case PartitionEvent.ReplicaDamaged ignored -> {}
            case PartitionEvent.ReplicaWhole ignored -> {}
            case PartitionEvent.ReplicaRefused ignored -> {}
            case PartitionEvent.DuplicateFound ignored -> {}
            case PartitionEvent.Offline ignored -> {}
            case PartitionEvent.Released ignored -> {}
            case PartitionEvent.UncleanElection ignored -> {}
        }
    }

    private void stopped(int epoch, long timeout, long now) {
        if (broken) {
            // It has been counted.
            return;
        }
        if (served && now - servingSince >= timeout) {
            setbacks.over();
        }
        served = false;
        PartitionState seen = state;
        if (seen != null && (seen.leaderEpoch() > epoch || !seen.owner().equals(me))) {
            setbacks.superseded(now);
        } else {
            setbacks.failed(Setbacks.Kind.PASSING, timeout, now);
        }
    }

    private void look(long now) {
        dueAt = now;
        PartitionState seen = state;
        if (seen == null) {
            return;
        }
        Holder before = holder;
        if (seen.owner().equals(me)) {
            holder = Holder.THIS_ONE;
        } else if (!order.contains(seen.owner())) {
            holder = Holder.NOBODY;
        } else {
            holder = seen.published() ? Holder.OWNER : Holder.CLAIMANT;
        }
        if (holder != before || seen.leaderEpoch() != heldEpoch) {
            heldEpoch = seen.leaderEpoch();
            since = now;
        }
    }

    private boolean isReplica(NodeId node) {
        PartitionState seen = state;
        return seen != null && seen.replica(node).isPresent();
    }

    // ---- what follows

    /** Whether this gateway holds a lease, as far as it knows. */
    public boolean isLive() {
        return !order.isEmpty();
    }

    /** Whether another live gateway has published its epoch. */
    public boolean isServedElsewhere() {
        return holder == Holder.OWNER;
    }

    /** Whether there is anything to judge now; only while the partition is idle here. */
    public boolean isDue(long now) {
        return mayBecomeDue() && now - dueAt >= 0;
    }

    /** When that is; {@link Long#MAX_VALUE} when time alone makes nothing due. */
    public long dueAt() {
        return dueAt;
    }

    /** Whether time alone can make something due. */
    public boolean mayBecomeDue() {
        return dueAt != Long.MAX_VALUE;
    }

    /** What to do, while the partition is idle here. */
    public ClaimVerdict judge(long now) {
        ClaimVerdict verdict = verdict(now);
        dueAt =
                switch (verdict) {
                    case ClaimVerdict.Claim() -> now + retryLeastNanos;
                    case ClaimVerdict.Release() -> now + settings.casRetryNanos();
                    case ClaimVerdict.Wait(long untilNanos) -> untilNanos;
                    case ClaimVerdict.NotOurs() -> Long.MAX_VALUE;
                    case ClaimVerdict.Unreachable unreachable -> Long.MAX_VALUE;
                };
        return verdict;
    }

    private ClaimVerdict verdict(long now) {
        PartitionState seen = state;
        if (seen == null || order.isEmpty()) {
            return NOT_OURS;
        }
        boolean alone = order.size() == 1;
        long pausedUntil = alone ? setbacks.retryAt() : setbacks.othersFirstUntil();
        if (now - pausedUntil < 0) {
            boolean leavesIt = !alone && setbacks.standsBack();
            return leavesIt && holder == Holder.THIS_ONE && seen.published()
                    ? RELEASE
                    : new ClaimVerdict.Wait(pausedUntil);
        }
        if (holder == Holder.OWNER && !order.getFirst().equals(me)) {
            return NOT_OURS;
        }
        long turn = since + turns(seen) * settings.takeoverTimeoutNanos();
        if (now - turn < 0) {
            return new ClaimVerdict.Wait(turn);
        }
        long due = turn - pausedUntil > 0 ? turn : pausedUntil;
        return judgeReach(seen.electorate(), due + settings.fenceLastResortNanos(), now);
    }

    /** How many takeover timeouts it leaves to others. */
    private int turns(PartitionState seen) {
        int place = order.indexOf(me);
        return switch (holder) {
            case OWNER, THIS_ONE -> 0;
            case NOBODY -> place;
            case CLAIMANT -> order.indexOf(seen.owner()) < place ? place : place + 1;
        };
    }

    private ClaimVerdict judgeReach(List<ReplicaRef> electorate, long lastResortAt, long now) {
        int reach = 0;
        for (ReplicaRef ref : electorate) {
            reach += reached.contains(ref.node()) ? 1 : 0;
        }
        if (reach >= Math.clamp(electorate.size(), 1, settings.minInsyncReplicas())) {
            return CLAIM;
        }
        if (holder == Holder.OWNER) {
            // The gateway that serves it now reaches more than this gateway does.
            return NOT_OURS;
        }
        if (now - lastResortAt < 0) {
            return new ClaimVerdict.Wait(lastResortAt);
        }
        return reach > 0
                ? CLAIM
                : new ClaimVerdict.Unreachable(
                        "no stream is open to any replica that may lead, of " + electorate);
    }
}
