package io.ackgate.simulation.gateway;

import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.SteppedPartition;
import io.ackgate.simulation.check.Invariants;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ProducerEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The real partition, each step of which is looked at from all sides before its effects leave. */
record WatchedPartition(PartitionId id, SteppedPartition real, Surroundings around)
        implements SteppedPartition {
    @Override
    public void step(PartitionInput input, long nowNanos, Consumer<PartitionEffect> out) {
        if (isNews(input)) {
            around.story()
                    .tell(() -> "%s <- p%d %s".formatted(around.gateway(), id.partition(), input));
        }
        List<PartitionEffect> effects = new ArrayList<>();
        real.step(input, nowNanos, effects::add);
        if (isStale(input)) {
            Invariants.countsForNothing(around.gateway().id(), !effects.isEmpty(), input);
        }
        around.invariants().gatewayStepped(around.gateway().id(), id, real.status());
        effects.forEach(out);
    }

    /** Whether a story tells of it: requests, answers and claims are told where they come from. */
    private boolean isNews(PartitionInput input) {
        return switch (input) {
            case PartitionInput.StateObserved _,
                    PartitionInput.CasApplied _,
                    PartitionInput.CasRefused _,
                    PartitionInput.CasUnknown _,
                    PartitionInput.ElectUnclean _ ->
                    true;
            case PartitionInput.Resign _ -> !real.isIdle();
            case PartitionInput.Request _,
                    PartitionInput.Cancel _,
                    PartitionInput.StreamOpened _,
                    PartitionInput.StreamClosed _,
                    PartitionInput.Answered _,
                    PartitionInput.TakeOver _,
                    PartitionInput.Release _,
                    PartitionInput.Reconfigured _,
                    PartitionInput.Tick _ ->
                    false;
        };
    }

    private boolean isStale(PartitionInput input) {
        return input instanceof PartitionInput.Answered(var node, long stream, var answer)
                && around.openStreams().getOrDefault(node, 0L) != stream;
    }

    @Override
    public boolean isIdle() {
        return real.isIdle();
    }

    @Override
    public long bufferedBytes() {
        return real.bufferedBytes();
    }

    @Override
    public int waitingReads() {
        return real.waitingReads();
    }

    @Override
    public long nextDueNanos() {
        return real.nextDueNanos();
    }

    @Override
    public PartitionStatus status() {
        return real.status();
    }

    @Override
    public List<ProducerEntry> producers() {
        return real.producers();
    }
}
