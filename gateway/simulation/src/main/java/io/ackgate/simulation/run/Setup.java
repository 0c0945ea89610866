package io.ackgate.simulation.run;

import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.simulation.client.Load;
import io.ackgate.simulation.client.Wire;
import io.ackgate.simulation.metadata.StoreFaults;
import io.ackgate.simulation.network.Weather;
import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.Timeline;
import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.TopicId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The world of one seed: how large, how fast, how mean. Each seed leaves out most kinds of faults,
 * so that those it has come together in ways in which they never would among all the others.
 *
 * @param replicas the nodes that each partition is assigned to
 * @param settings the settings of each partition
 * @param strangeTakeovers whether gateways take over without being asked to
 * @param tickNanos how often a gateway's timer runs; idle replicas learn the high watermark by it
 * @param activeNanos how long load and faults go on
 * @param faultPauseNanos typical time between two faults
 * @param narrowWays whether nodes take nothing of a gateway now and then, so that batches wait with
 *     it or on the leader's disk
 */
public record Setup(
        int gateways,
        List<NodeId> nodes,
        Map<PartitionId, List<NodeId>> replicas,
        Map<PartitionId, PartitionSettings> settings,
        Weather weather,
        StoreFaults metadata,
        Wire.StoreFaults wire,
        Load load,
        double epochBumpChance,
        Set<Fault> faults,
        boolean strangeTakeovers,
        boolean skewedClocks,
        boolean lateResign,
        long leaseNanos,
        long syncNanos,
        double probeChance,
        long tickNanos,
        long activeNanos,
        long faultPauseNanos,
        boolean narrowWays) {

    private static final long MILLIS = Timeline.MILLIS;

    /** Age at which segments end: some in every run. */
    private static final long SEGMENT_MILLIS = 1_000;

    /** The world that a seed makes. */
    static Setup of(Dice dice) {
        int nodeCount = dice.chance(0.25) ? 4 : 3;
        List<NodeId> nodes = new ArrayList<>();
        for (int i = 1; i <= nodeCount; i++) {
            nodes.add(new NodeId(i));
        }
        Set<Fault> faults = EnumSet.noneOf(Fault.class);
        for (Fault fault : Fault.values()) {
            if (dice.chance(fault.movesOwners() ? 0.5 : 0.35)) {
                faults.add(fault);
            }
        }
        Map<PartitionId, List<NodeId>> replicas = new LinkedHashMap<>();
        Map<PartitionId, PartitionSettings> settings = new LinkedHashMap<>();
        int partitions = partitions(dice);
        for (int i = 0; i < partitions; i++) {
            PartitionId id = new PartitionId(new TopicId(0xACC, 1 + i % 2), i);
            int factor = dice.chance(0.75) ? 3 : dice.between(1, nodeCount);
            replicas.put(id, chosen(nodes, factor, dice));
            settings.put(id, settings(factor, dice));
        }
        Setup setup =
                new Setup(
                        dice.chance(0.15) ? 1 : dice.between(2, 3),
                        nodes,
                        replicas,
                        settings,
                        weather(dice),
                        metadata(dice),
                        wire(dice),
                        new Load(
                                dice.between(8, 25),
                                dice.between(4, 60) * MILLIS,
                                dice.between(1, 4),
                                dice.chance(0.3) ? 900 : 40,
                                dice.chance(0.4) ? 0.2 : 0,
                                dice.between(80, 400) * MILLIS,
                                dice.between(60, 450) * MILLIS),
                        dice.chance(0.2) ? 0.05 : 0,
                        faults,
                        dice.chance(0.4),
                        dice.chance(0.4),
                        dice.chance(0.3),
                        300 * MILLIS,
                        dice.between(100_000L, 3 * MILLIS),
                        dice.chance(0.3) ? 0.1 : 0.005,
                        dice.pick(List.of(3, 5, 20, 50)) * MILLIS,
                        dice.between(700, 2_500) * MILLIS,
                        dice.between(15, 150) * MILLIS,
                        dice.chance(0.35));
        settings.replaceAll((id, of) -> dice.chance(0.2) ? forgetful(of, dice) : of);
        return setup;
    }

    /** These settings with producers that expire while the world lasts. */
    private static PartitionSettings forgetful(PartitionSettings of, Dice dice) {
        ReplicaSettings replica = of.replica();
        return of.withReplica(
                new ReplicaSettings(
                        replica.durability(),
                        replica.segmentBytes(),
                        replica.segmentMillis(),
                        replica.retentionMillis(),
                        replica.retentionBytes(),
                        dice.between(100, 700)));
    }

    private static int partitions(Dice dice) {
        if (dice.chance(0.6)) {
            return 1;
        }
        return dice.chance(0.1) ? dice.between(4, 10) : dice.between(2, 3);
    }

    private static List<NodeId> chosen(List<NodeId> nodes, int count, Dice dice) {
        List<NodeId> left = new ArrayList<>(nodes);
        List<NodeId> chosen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            chosen.add(left.remove(dice.between(0, left.size() - 1)));
        }
        chosen.sort(Comparator.naturalOrder());
        return List.copyOf(chosen);
    }

    private static PartitionSettings settings(int factor, Dice dice) {
        boolean retained = dice.chance(0.4);
        boolean bySize = dice.chance(0.7);
        ReplicaSettings replica =
                new ReplicaSettings(
                        dice.chance(0.7) ? Durability.FSYNC : Durability.PAGE_CACHE,
                        retained || dice.chance(0.4) ? dice.between(400, 1_500) : 1 << 20,
                        SEGMENT_MILLIS,
                        retained && (!bySize || dice.chance(0.3)) ? dice.between(100, 2_000) : -1,
                        retained && bySize ? dice.between(0, 4_000) : -1,
                        86_400_000);
        PartitionSettings drawn =
                new PartitionSettings(
                        dice.chance(0.6) ? Math.min(2, factor) : dice.between(1, factor),
                        replica,
                        dice.between(100, 400) * MILLIS,
                        dice.between(10, 60) * MILLIS,
                        dice.between(5, 40) * MILLIS,
                        dice.between(50, 200) * MILLIS,
                        dice.between(300, 700) * MILLIS,
                        dice.between(5, 30) * MILLIS,
                        dice.chance(0.2) ? dice.between(4_500, 9_000) : 1 << 20,
                        dice.chance(0.3) ? dice.between(200, 2_000) : 1 << 20,
                        dice.chance(0.5) ? dice.between(100, 1_000) : 1 << 16,
                        1 << 20);
        return drawn.withMaxFetchBytes(drawn.maxReadBytes())
                .withUncleanWhenAllAnswered(dice.chance(0.5));
    }

    private static Weather weather(Dice dice) {
        return new Weather(
                dice.between(50_000L, 3 * MILLIS),
                dice.between(20, 60) * MILLIS,
                dice.between(1, 10) * MILLIS,
                dice.chance(0.5) ? 0.5 : 0,
                dice.between(20, 300) * MILLIS,
                dice.chance(0.5) ? 0.3 : 0,
                dice.chance(0.5) ? 0.5 : 0.1);
    }

    private static StoreFaults metadata(Dice dice) {
        boolean bad = dice.chance(0.5);
        return new StoreFaults(
                dice.between(100_000L, 4 * MILLIS),
                dice.between(20, 60) * MILLIS,
                bad ? dice.between(0, 0.15) : 0,
                bad ? dice.between(0, 0.15) : 0,
                bad ? dice.between(0, 0.2) : 0,
                dice.between(10, 300) * MILLIS,
                dice.between(500_000L, 40 * MILLIS));
    }

    private static Wire.StoreFaults wire(Dice dice) {
        boolean bad = dice.chance(0.5);
        return new Wire.StoreFaults(
                dice.between(50_000L, 2 * MILLIS),
                bad ? 0.05 : 0,
                dice.between(50, 400) * MILLIS,
                bad ? 0.05 : 0,
                dice.chance(0.5) ? 0.15 : 0.02);
    }

    /** The nodes that a partition is assigned to. */
    List<NodeId> replicasOf(PartitionId partition) {
        return Objects.requireNonNull(replicas.get(partition), "no such partition");
    }

    /** The settings of a partition. */
    PartitionSettings settingsOf(PartitionId partition) {
        return Objects.requireNonNull(settings.get(partition), "no such partition");
    }

    /** Whether retention may delete what is old, or too much, of a partition. */
    boolean isRetained(PartitionId partition) {
        ReplicaSettings replica = settingsOf(partition).replica();
        return replica.retentionMillis() >= 0 || replica.retentionBytes() >= 0;
    }

    /** Whether a loss of power anywhere loses nothing that was acknowledged. */
    boolean allFsynced() {
        return settings.values().stream()
                .allMatch(of -> of.replica().durability() == Durability.FSYNC);
    }
}
