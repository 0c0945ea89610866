package io.ackgate.gateway.partition.role;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.Mandate;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionEvent.Cause;
import io.ackgate.gateway.partition.PartitionInput.Answered;
import io.ackgate.gateway.partition.PartitionInput.CasApplied;
import io.ackgate.gateway.partition.PartitionInput.CasRefused;
import io.ackgate.gateway.partition.PartitionInput.CasUnknown;
import io.ackgate.gateway.partition.PartitionInput.Fetch;
import io.ackgate.gateway.partition.PartitionInput.ListOffset;
import io.ackgate.gateway.partition.PartitionInput.Produce;
import io.ackgate.gateway.partition.PartitionInput.Request;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.storage.api.NodeId;

/** Not the owner: every request is sent elsewhere. */
public record Idle(Context context) implements Role {
    @Override
    public Role request(Request request) {
        refuse(context, request);
        return this;
    }

    /** What a takeover that has failed leaves. */
    public static Idle after(
            Context context, HeldRequests held, int epoch, Cause cause, String reason) {
        held.refuseAll();
        context.happened(new PartitionEvent.TakeoverFailed(epoch, cause, reason));
        return new Idle(context);
    }

    /** Answers a request that was not begun. */
    public static void refuse(Context context, Request request) {
        PartitionState known = context.observed;
        String detail =
                known == null || known.owner().equals(context.me)
                        ? "this gateway does not own " + context.id + " (yet); try again"
                        : "gateway " + known.owner() + " owns " + context.id + "; try there";
        switch (request) {
            case Produce produce ->
                    context.fail(
                            produce.token(),
                            ErrorCode.NOT_LEADER_OR_FOLLOWER,
                            WriteStatus.NOT_WRITTEN,
                            detail);
            case Fetch fetch -> context.reply(fetch.token(), new FetchOutcome.Unavailable(detail));
            case ListOffset find ->
                    context.reply(find.token(), new FetchOutcome.Unavailable(detail));
        }
    }

    /** The role after a takeover that failed; the callers that it held are sent elsewhere. */
    public static Role afterFailure(Context context, HeldRequests held, int epoch, String reason) {
        return after(context, held, epoch, Cause.OTHER, reason);
    }

    @Override
    public Role electUnclean(Mandate mandate) {
        return this;
    }

    /** Whether it reaches anybody who could lead; a claim without one ends an epoch for nothing. */
    public boolean mayPublish() {
        return context.observed != null && context.reachesElectorateOf(context.observed);
    }

    /** Whether it reaches any replica, in sync or not. */
    public boolean reachesAny() {
        PartitionState known = context.observed;
        return known != null
                && known.replicas().stream().anyMatch(ref -> context.stream(ref.node()) != 0);
    }

    @Override
    public Role release() {
        PartitionState known = context.observed;
        if (known != null && known.published() && known.owner().equals(context.me)) {
            context.compareAndSet(context.observedVersion, known.released());
            context.happened(new PartitionEvent.Released(known.leaderEpoch()));
        }
        return this;
    }

    @Override
    public Role sessionOpened(NodeId node, long stream) {
        return this;
    }

    @Override
    public Role streamClosed(NodeId node) {
        return this;
    }

    @Override
    public Role answered(Answered answered) {
        return this;
    }

    @Override
    public Role casApplied(CasApplied applied) {
        return this;
    }

    @Override
    public Role casRefused(CasRefused refused) {
        return this;
    }

    @Override
    public Role casUnknown(CasUnknown unknown) {
        return this;
    }

    @Override
    public Role stateObserved() {
        return this;
    }

    @Override
    public Role resign(String reason) {
        return this;
    }

    @Override
    public Role reconfigured() {
        return this;
    }

    @Override
    public Role tick() {
        return this;
    }

    @Override
    public long nextDue() {
        return Long.MAX_VALUE;
    }

    @Override
    public long bufferedBytes() {
        return 0;
    }

    @Override
    public PartitionStatus status() {
        return PartitionStatus.notOwner(
                PartitionStatus.Phase.IDLE, context.observed, context.answers());
    }
}
