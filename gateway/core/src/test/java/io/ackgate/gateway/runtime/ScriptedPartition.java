package io.ackgate.gateway.runtime;

import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.SteppedPartition;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A partition that does what a test says, and remembers what it was told. */
final class ScriptedPartition implements SteppedPartition {
    /** What it does with an input. */
    interface Script {
        void step(PartitionInput input, Consumer<PartitionEffect> out);
    }

    final List<PartitionInput> inputs = new CopyOnWriteArrayList<>();
    final List<Long> times = new CopyOnWriteArrayList<>();
    volatile boolean idle = true;

    /** Whether it throws when it is asked how it stands. */
    volatile boolean buggy;

    private final Script script;

    ScriptedPartition(Script script) {
        this.script = script;
    }

    @Override
    public void step(PartitionInput input, long nowNanos, Consumer<PartitionEffect> out) {
        if (!(input instanceof PartitionInput.Tick)) {
            inputs.add(input);
            times.add(nowNanos);
        }
        script.step(input, out);
    }

    <I extends PartitionInput> List<I> inputs(Class<I> type) {
        return inputs.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public boolean isIdle() {
        return idle;
    }

    @Override
    public long bufferedBytes() {
        return 0;
    }

    @Override
    public PartitionStatus status() {
        if (buggy) {
            throw new IllegalStateException("a bug");
        }
        return PartitionStatus.notOwner(PartitionStatus.Phase.IDLE, null, List.of());
    }
}
