package io.ackgate.simulation.run;

import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.simulation.time.Dice;
import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;

/** Topics are altered while they are used. */
final class SettingsChanges {
    private final World world;
    private final Dice dice;

    SettingsChanges(World world, Dice dice) {
        this.world = world;
        this.dice = dice;
    }

    /**
     * Changes min.insync.replicas, or the durability: only of topics that began with page-cache,
     * since what was acknowledged before is never promised more than that.
     */
    void change(PartitionId partition) {
        PartitionSettings now = world.settingsOf(partition);
        boolean pageCache =
                world.setup().settingsOf(partition).replica().durability() == Durability.PAGE_CACHE;
        PartitionSettings next =
                pageCache && dice.chance(0.5)
                        ? now.withReplica(withOtherDurability(now.replica()))
                        : now.withMinInsyncReplicas(
                                dice.between(1, world.setup().replicasOf(partition).size()));
        world.story()
                .tell(
                        () ->
                                "!! p%d is altered: min.insync.replicas %d, %s"
                                        .formatted(
                                                partition.partition(),
                                                next.minInsyncReplicas(),
                                                next.replica().durability()));
        world.setSettings(partition, next);
    }

    private static ReplicaSettings withOtherDurability(ReplicaSettings now) {
        return new ReplicaSettings(
                now.durability() == Durability.FSYNC ? Durability.PAGE_CACHE : Durability.FSYNC,
                now.segmentBytes(),
                now.segmentMillis(),
                now.retentionMillis(),
                now.retentionBytes(),
                now.producerExpirationMillis());
    }
}
