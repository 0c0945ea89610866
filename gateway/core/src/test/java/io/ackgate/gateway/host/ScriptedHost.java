package io.ackgate.gateway.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.SharedBudget;
import io.ackgate.gateway.partition.SteppedPartition;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ProducerEntry;
import io.ackgate.storage.api.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A host whose partitions do what a test says. */
class ScriptedHost {
    static final long MILLIS = 1_000_000;
    static final HostSettings SETTINGS =
            new HostSettings(10 * MILLIS, 100 * MILLIS, 100_000 * MILLIS);
    static final GatewaySession ME = new GatewaySession(1);
    static final GatewaySession OTHER = new GatewaySession(2);
    static final NodeId NODE = new NodeId(1);
    static final PartitionState UNOWNED = PartitionState.unowned(List.of(NODE));
    static final PartitionInput TAKE_OVER = new PartitionInput.TakeOver();

    final Map<NodeId, Long> streams = new HashMap<>();
    final List<Scripted> partitions = new ArrayList<>();

    /** The lives that the partitions were made for. */
    final List<Long> begun = new ArrayList<>();

    final List<HostEffect> effects = new ArrayList<>();
    final List<PartitionEvent> events = new ArrayList<>();
    final List<PartitionEffect> asked = new ArrayList<>();
    BiConsumer<PartitionInput, Consumer<PartitionEffect>> script = (input, out) -> {};
    boolean idle = true;
    PartitionStatus status =
            PartitionStatus.notOwner(PartitionStatus.Phase.IDLE, UNOWNED, List.of());

    /** The method that throws; none if it is empty. */
    String buggy = "";

    long now;
    private long lives;

    final PartitionHost host =
            new PartitionHost(
                    new PartitionId(new TopicId(1, 1), 0),
                    ME,
                    PartitionSettings.DEFAULTS.withMinInsyncReplicas(1),
                    SETTINGS,
                    SharedBudget.UNLIMITED,
                    (id, me, settings, budget, life) -> {
                        begun.add(life);
                        partitions.add(new Scripted());
                        return partitions.getLast();
                    },
                    () -> lives++,
                    node ->
                            streams.containsKey(node)
                                    ? OptionalLong.of(streams.get(node))
                                    : OptionalLong.empty(),
                    0);

    final HostEffect.Taker taker =
            new HostEffect.Taker() {
                @Override
                public void take(HostEffect effect) {
                    effects.add(effect);
                }

                @Override
                public void take(PartitionEffect effect) {
                    if (effect instanceof PartitionEffect.Happened(var event)) {
                        events.add(event);
                    } else {
                        asked.add(effect);
                    }
                }
            };

    final class Scripted implements SteppedPartition {
        final List<PartitionInput> inputs = new ArrayList<>();

        @Override
        public void step(PartitionInput input, long nowNanos, Consumer<PartitionEffect> out) {
            assertEquals(now, nowNanos);
            inputs.add(input);
            script.accept(input, out);
        }

        @Override
        public boolean isIdle() {
            return idle;
        }

        @Override
        public long bufferedBytes() {
            meetBugIn("bufferedBytes");
            return 7;
        }

        @Override
        public long nextDueNanos() {
            return 5;
        }

        @Override
        public PartitionStatus status() {
            meetBugIn("status");
            return status;
        }

        @Override
        public List<ProducerEntry> producers() {
            meetBugIn("producers");
            return List.of();
        }
    }

    private void meetBugIn(String method) {
        if (method.equals(buggy)) {
            throw new IllegalStateException("a bug in " + method);
        }
    }

    void step(HostInput input) {
        host.step(input, now, taker);
    }

    void tickAfter(long nanos) {
        now += nanos;
        step(new HostInput.Tick());
    }

    List<PartitionInput> inputs() {
        return partitions.getLast().inputs;
    }

    <I> List<I> inputs(Class<I> type) {
        return inputs().stream().filter(type::isInstance).map(type::cast).toList();
    }

    void opened(NodeId node, long stream) {
        streams.put(node, stream);
        step(new HostInput.Opened(node, stream));
    }

    /** This gateway is the only one, and reaches the replica of a partition without an owner. */
    void mayClaim() {
        step(new HostInput.Live(Set.of(ME)));
        step(new HostInput.Observed(1, UNOWNED));
        opened(NODE, 1);
    }

    /** A takeover begins with the next tick, and the partition is this gateway's. */
    void serves() {
        mayClaim();
        tickAfter(0);
        assertEquals(1, inputs(PartitionInput.TakeOver.class).size());
        idle = false;
    }

    void asksForAChangeWhenItTakesOver() {
        script =
                (input, out) -> {
                    if (input.equals(TAKE_OVER)) {
                        out.accept(new PartitionEffect.CompareAndSet(77, 1, UNOWNED));
                    }
                };
    }
}
