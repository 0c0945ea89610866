package io.ackgate.gateway.partition;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.partition.PartitionInput.Answered;
import io.ackgate.gateway.partition.PartitionInput.Cancel;
import io.ackgate.gateway.partition.PartitionInput.CasApplied;
import io.ackgate.gateway.partition.PartitionInput.CasRefused;
import io.ackgate.gateway.partition.PartitionInput.CasUnknown;
import io.ackgate.gateway.partition.PartitionInput.ElectUnclean;
import io.ackgate.gateway.partition.PartitionInput.Reconfigured;
import io.ackgate.gateway.partition.PartitionInput.Release;
import io.ackgate.gateway.partition.PartitionInput.Request;
import io.ackgate.gateway.partition.PartitionInput.Resign;
import io.ackgate.gateway.partition.PartitionInput.StateObserved;
import io.ackgate.gateway.partition.PartitionInput.StreamClosed;
import io.ackgate.gateway.partition.PartitionInput.StreamOpened;
import io.ackgate.gateway.partition.PartitionInput.TakeOver;
import io.ackgate.gateway.partition.PartitionInput.Tick;
import io.ackgate.gateway.partition.role.Context;
import io.ackgate.gateway.partition.role.Idle;
import io.ackgate.gateway.partition.role.Role;
import io.ackgate.gateway.partition.takeover.Takeover;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ProducerEntry;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One partition at one gateway process: idle, taking over, or owner. Thread-confined; steps never
 * block and never look at a clock.
 *
 * <p>Every {@link Request} is answered exactly once, whatever happens in between, unless it is
 * cancelled before.
 */
public final class Partition implements SteppedPartition {
    private final Context context;
    private Role role;

    /** What it says of itself as of its last step; null until it is asked for. */
    private @Nullable PartitionStatus status;

    /** A partition that shares no bounds with others. */
    public Partition(PartitionId id, GatewaySession me, PartitionSettings settings) {
        this(id, me, settings, SharedBudget.UNLIMITED, 0);
    }

    /**
     * A partition that nobody has been told of yet.
     *
     * @param life another for each that begins in a gateway process under the same id: what storage
     *     nodes still answer to the one before is not taken for an answer to this one
     */
    public Partition(
            PartitionId id,
            GatewaySession me,
            PartitionSettings settings,
            SharedBudget budget,
            long life) {
        context = new Context(id, me, settings, budget, life);
        role = new Idle(context);
    }

    @Override
    public void step(PartitionInput input, long nowNanos, Consumer<PartitionEffect> out) {
        status = null;
        context.begin(nowNanos, out);
        try {
            role = next(input);
        } catch (InvariantBrokenException broken) {
            context.happened(
                    new PartitionEvent.InvariantBroken(String.valueOf(broken.getMessage())));
            role = role.resign("an invariant is broken: " + broken.getMessage());
        } finally {
            // The taker of an effect may have asked in the middle of the step.
            status = null;
        }
    }

    public PartitionId id() {
        return context.id;
    }

    @Override
    public PartitionStatus status() {
        PartitionStatus known = status;
        if (known == null) {
            known = role.status();
            status = known;
        }
        return known;
    }

    @Override
    public List<ProducerEntry> producers() {
        return role.producers();
    }

    @Override
    public boolean isIdle() {
        return role instanceof Idle;
    }

    @Override
    public long bufferedBytes() {
        return role.bufferedBytes();
    }

    @Override
    public long nextDueNanos() {
        return role.nextDue();
    }

    @Override
    public int waitingReads() {
        return role.waitingReads();
    }

    private Role next(PartitionInput input) {
        return switch (input) {
            case Request request -> role.request(request);
            case Cancel(long token) -> {
                role.cancel(token);
                yield role;
            }
            case Answered answered ->
                    context.stream(answered.node()) == answered.stream()
                            ? role.answered(answered)
                            : role;
            case Tick() -> role.tick();
            case StreamOpened(var node, long stream) ->
                    context.opened(node, stream) ? role.sessionOpened(node, stream) : role;
            case StreamClosed(var node, long stream) ->
                    context.closed(node, stream) ? role.streamClosed(node) : role;
            case CasApplied applied -> role.casApplied(applied);
            case CasRefused refused -> {
                context.observe(refused.version(), refused.stored());
                yield role.casRefused(refused);
            }
            case CasUnknown unknown -> role.casUnknown(unknown);
            case StateObserved(long version, var stored) -> {
                if (version <= context.observedVersion) {
                    yield role;
                }
                context.observe(version, stored);
                yield role.stateObserved();
            }
            case TakeOver() ->
                    role instanceof Idle idle && idle.mayPublish()
                            ? Takeover.begin(context, null)
                            : role;
            case Release() -> role.release();
            case ElectUnclean(var mandate) -> {
                Role next = role.electUnclean(mandate);
                yield role instanceof Takeover ? next : elect(next, mandate);
            }
            case Resign(String reason) -> role.resign(reason);
            case Reconfigured(var settings) -> {
                context.settings = settings;
                yield role.reconfigured();
            }
        };
    }

    /** A gateway that is idle, or has resigned for that, takes over. */
    private Role elect(Role next, Mandate mandate) {
        return next instanceof Idle idle && idle.reachesAny()
                ? Takeover.begin(context, mandate)
                : next;
    }
}
