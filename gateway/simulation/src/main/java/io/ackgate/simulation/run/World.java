package io.ackgate.simulation.run;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.partition.SharedBudget;
import io.ackgate.simulation.Story;
import io.ackgate.simulation.check.Batch;
import io.ackgate.simulation.check.Invariants;
import io.ackgate.simulation.client.Gateways;
import io.ackgate.simulation.gateway.NarrowWay;
import io.ackgate.simulation.gateway.SimGateway;
import io.ackgate.simulation.metadata.SimMetadata;
import io.ackgate.simulation.network.SimNetwork;
import io.ackgate.simulation.node.OldProducers;
import io.ackgate.simulation.node.PowerLossProbe;
import io.ackgate.simulation.node.SimNode;
import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.SkewedClock;
import io.ackgate.simulation.time.Timeline;
import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All the parts, wired together: machines with nodes, machines with gateways, and what lies
 * between.
 */
public final class World implements Gateways {
    private final Setup setup;
    private final Timeline timeline;
    private final Dice dice;
    private final Story story;
    private final Map<PartitionId, PartitionSettings> settings;
    private final Invariants invariants;
    private final OldProducers veterans;
    private final SimMetadata metadata;
    private final Map<NodeId, SimNode> nodes = new LinkedHashMap<>();
    private final SimNetwork network;
    private final List<SkewedClock> gatewayClocks = new ArrayList<>();
    private final List<@Nullable SimGateway> gateways = new ArrayList<>();
    private long lastSession;

    World(Setup setup, Timeline timeline, Dice dice, Story story) {
        this.setup = setup;
        this.timeline = timeline;
        this.dice = dice;
        this.story = story;
        this.settings = new LinkedHashMap<>(setup.settings());
        this.invariants = new Invariants(story);
        this.veterans = new OldProducers(clientClock());
        metadata =
                new SimMetadata(
                        timeline,
                        dice.split(),
                        setup.metadata(),
                        story,
                        (partition, version, before, after) ->
                                invariants.stateChanged(partition, after));
        setup.replicas()
                .forEach(
                        (partition, replicas) -> {
                            PartitionState created = PartitionState.unowned(replicas);
                            metadata.create(partition, created);
                            invariants.partitionCreated(
                                    partition,
                                    setup.settingsOf(partition).minInsyncReplicas(),
                                    setup.isRetained(partition),
                                    setup.settingsOf(partition)
                                            .replica()
                                            .producerExpirationMillis(),
                                    created);
                        });
        PowerLossProbe probe = new PowerLossProbe(dice.split(), setup.probeChance(), fsynced());
        for (NodeId id : setup.nodes()) {
            nodes.put(
                    id,
                    new SimNode(
                            id,
                            timeline,
                            dice.split(),
                            clock(),
                            invariants,
                            probe,
                            veterans,
                            story,
                            partitionsOn(id),
                            setup.syncNanos()));
        }
        network =
                new SimNetwork(
                        timeline, dice.split(), setup.weather(), List.copyOf(nodes.values()));
        for (int machine = 0; machine < setup.gateways(); machine++) {
            gatewayClocks.add(clock());
            gateways.add(null);
        }
    }

    private Set<PartitionId> fsynced() {
        Set<PartitionId> fsynced = new HashSet<>();
        setup.settings()
                .forEach(
                        (id, of) -> {
                            if (of.replica().durability() == Durability.FSYNC) {
                                fsynced.add(id);
                            }
                        });
        return fsynced;
    }

    private List<PartitionId> partitionsOn(NodeId node) {
        return setup.replicas().entrySet().stream()
                .filter(e -> e.getValue().contains(node))
                .map(Map.Entry::getKey)
                .toList();
    }

    private SkewedClock clock() {
        return setup.skewedClocks()
                ? new SkewedClock(
                        timeline, dice.between(-120_000L, 120_000L), dice.between(0.97, 1.03))
                : new SkewedClock(timeline, 0, 1);
    }

    // ---- parts

    Setup setup() {
        return setup;
    }

    Timeline timeline() {
        return timeline;
    }

    Story story() {
        return story;
    }

    /** A producer has written nearly 2^31 records before, and goes on at this sequence. */
    void goesOn(PartitionId partition, Batch.Sequenced going) {
        veterans.add(partition, going);
        invariants.goesOn(partition, going);
    }

    Invariants invariants() {
        return invariants;
    }

    SimMetadata metadata() {
        return metadata;
    }

    SimNetwork network() {
        return network;
    }

    List<SimNode> nodes() {
        return List.copyOf(nodes.values());
    }

    SimNode node(NodeId id) {
        SimNode node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException("no such node: " + id);
        }
        return node;
    }

    Set<PartitionId> partitions() {
        return setup.replicas().keySet();
    }

    SkewedClock clientClock() {
        return new SkewedClock(timeline, 0, 1);
    }

    SkewedClock gatewayClock(int machine) {
        return gatewayClocks.get(machine);
    }

    /** The settings of a partition as they are by now. */
    PartitionSettings settingsOf(PartitionId partition) {
        return Objects.requireNonNull(settings.get(partition), "no such partition");
    }

    /** The topic is altered: who starts from now on knows, and the others hear of it. */
    void setSettings(PartitionId partition, PartitionSettings altered) {
        settings.put(partition, altered);
        for (SimGateway gateway : running()) {
            timeline.after(
                    dice.around(setup.metadata().watchNanos()),
                    () -> {
                        if (gateway.exists()) {
                            gateway.reconfigured(partition, settingsOf(partition));
                        }
                    });
        }
    }

    // ---- gateways

    @Override
    public int machines() {
        return gateways.size();
    }

    @Override
    public @Nullable SimGateway on(int machine) {
        return gateways.get(machine);
    }

    @Override
    public int ownerOf(PartitionId partition) {
        GatewaySession owner = metadata.stored(partition).owner();
        for (SimGateway gateway : gateways) {
            if (gateway != null && gateway.id().equals(owner)) {
                return gateway.machine();
            }
        }
        return -1;
    }

    /** The gateway processes that run, standing still or not. */
    List<SimGateway> running() {
        List<SimGateway> running = new ArrayList<>();
        for (SimGateway gateway : gateways) {
            if (gateway != null) {
                running.add(gateway);
            }
        }
        return running;
    }

    SimGateway startGateway(int machine) {
        SkewedClock clock = gatewayClocks.get(machine);
        SimGateway gateway =
                new SimGateway(
                        machine,
                        new GatewaySession(++lastSession),
                        clock,
                        network,
                        metadata,
                        invariants,
                        story,
                        settings,
                        setup.narrowWays() ? new NarrowWay(clock) : SharedBudget.UNLIMITED);
        gateways.set(machine, gateway);
        story.tell(() -> gateway + " starts");
        network.gatewayStarted(machine, gateway);
        metadata.gatewayStarted(gateway);
        timeline.every(
                setup.tickNanos(),
                () -> {
                    if (gateway.exists()) {
                        gateway.tick();
                    }
                    return gateway.exists();
                });
        return gateway;
    }

    void stopGateway(int machine) {
        SimGateway gateway = gateways.get(machine);
        if (gateway != null) {
            gateway.crash();
            gateways.set(machine, null);
            network.gatewayStopped(machine);
        }
    }
}
