package io.ackgate.simulation.gateway;

import io.ackgate.gateway.host.HostEffect;
import io.ackgate.gateway.host.HostInput;
import io.ackgate.gateway.host.HostSettings;
import io.ackgate.gateway.host.PartitionHost;
import io.ackgate.gateway.partition.Partition;
import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.SharedBudget;
import io.ackgate.simulation.check.Invariant;
import io.ackgate.simulation.check.Invariants;
import io.ackgate.simulation.check.Violation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageRequest;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The real host of one partition in a simulated process, and what it asks for carried out. */
final class SimHost implements HostEffect.Taker {
    private final PartitionId id;
    private final Surroundings around;
    private final PartitionHost host;
    private long lives;

    SimHost(
            PartitionId id,
            PartitionSettings settings,
            HostSettings pauses,
            SharedBudget budget,
            Surroundings around) {
        this.id = id;
        this.around = around;
        this.host =
                new PartitionHost(
                        id,
                        around.gateway().id(),
                        settings,
                        pauses,
                        budget,
                        (partition, me, of, shared, life) ->
                                new WatchedPartition(
                                        partition,
                                        new Partition(partition, me, of, shared, life),
                                        around),
                        () -> lives++,
                        this::openStream,
                        around.clock().nanos());
    }

    private OptionalLong openStream(NodeId node) {
        Long stream = around.openStreams().get(node);
        return stream == null ? OptionalLong.empty() : OptionalLong.of(stream);
    }

    PartitionStatus status() {
        return host.status(around.clock().nanos(), this);
    }

    // ---- what happens to it

    void step(HostInput input) {
        host.step(input, around.clock().nanos(), this);
    }

    /** Why it takes no request now; null if it takes one. */
    @Nullable String admit() {
        return host.admit(around.clock().nanos(), this);
    }

    void request(PartitionInput.Request request) {
        host.request(request, around.clock().nanos(), this);
    }

    void answered(PartitionInput.Answered answered) {
        host.answered(answered, around.clock().nanos(), this);
    }

    // ---- what it asks for

    @Override
    public void take(HostEffect effect) {
        switch (effect) {
            case HostEffect.Broke(String detail, var cause) ->
                    throw cause instanceof Violation violation
                            ? violation
                            : new Violation(
                                    Invariant.NO_INTERNAL_ERROR,
                                    "%s failed at %s: %s".formatted(around.gateway(), id, detail),
                                    cause);
            case HostEffect.Abandon(String reason) -> around.callers().noneWaitsFor(id, reason);
            case HostEffect.ElectionEnded(long token, var outcome) ->
                    around.story()
                            .tell(
                                    () ->
                                            "%s -> operator %s"
                                                    .formatted(
                                                            around.gateway(),
                                                            outcome.getClass().getSimpleName()));
            case HostEffect.Gone(String reason) ->
                    throw new Violation(Invariant.NO_INTERNAL_ERROR, id + " is gone: " + reason);
        }
    }

    @Override
    public void take(PartitionEffect effect) {
        switch (effect) {
            case PartitionEffect.Send(NodeId node, long stream, StorageRequest request) -> {
                if (request instanceof StorageRequest.Append append) {
                    around.invariants().appends(around.gateway().id(), append);
                }
                around.network().send(around.gateway().machine(), node, stream, request);
            }
            case PartitionEffect.Read(NodeId node, long stream, var request, var replica, _) -> {
                around.turns().reads(id, replica, request.requestId(), around.clock().nanos());
                around.network().send(around.gateway().machine(), node, stream, request);
            }
            case PartitionEffect.ReadBackEnded ended -> around.turns().ended(id, ended);
            case PartitionEffect.Complete(long token, var outcome) ->
                    around.callers().complete(token, outcome, status());
            case PartitionEffect.Progress(long token, var step) ->
                    around.callers().progress(token, step);
            case PartitionEffect.Reply(long token, var outcome) ->
                    around.callers().reply(token, outcome);
            case PartitionEffect.CompareAndSet change -> compareAndSet(change);
            case PartitionEffect.Happened(PartitionEvent event) -> happened(event);
        }
    }

    private void compareAndSet(PartitionEffect.CompareAndSet change) {
        SimGateway gateway = around.gateway();
        around.story()
                .tell(
                        () ->
                                "%s -> p%d compare-and-set #%d v%d: %s"
                                        .formatted(
                                                gateway,
                                                id.partition(),
                                                change.attempt(),
                                                change.expectedVersion(),
                                                change.next()));
        Invariants.wants(gateway.id(), change.next(), around.openStreams().keySet());
        around.invariants().proposes(gateway.id(), id, change.next(), status());
        long life = host.life();
        around.metadata()
                .compareAndSet(
                        gateway,
                        id,
                        change.expectedVersion(),
                        change.next(),
                        outcome ->
                                gateway.step(
                                        id,
                                        new HostInput.CasEnded(life, change.attempt(), outcome)));
    }

    private void happened(PartitionEvent event) {
        around.story().tell(() -> around.gateway() + " :: p" + id.partition() + " " + event);
        if (event instanceof PartitionEvent.InvariantBroken(String detail)
                && !around.invariants().mayBeCorrupt(id)
                && !around.invariants().isVoid(id)) {
            throw new Violation(
                    Invariant.NO_INTERNAL_ERROR,
                    around.gateway() + " stopped " + id + ": " + detail);
        }
    }
}
