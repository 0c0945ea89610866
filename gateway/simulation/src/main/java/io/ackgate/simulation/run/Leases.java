package io.ackgate.simulation.run;

import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.simulation.gateway.SimGateway;
import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.Timeline;
import io.ackgate.storage.api.PartitionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides which gateway is to own what, as the real one does: leases in the metadata store, and
 * rendezvous hashing over the gateways that hold one. Nothing is safe by it, everything lives by
 * it.
 */
final class Leases {
    private static final long CHECK_NANOS = 60 * Timeline.MILLIS;

    private final World world;
    private final Dice dice;
    private final Map<Long, Long> expiry = new HashMap<>();

    Leases(World world, Dice dice) {
        this.world = world;
        this.dice = dice;
    }

    /** From now on this gateway keeps its lease and acts on what it sees of the others'. */
    void started(SimGateway gateway) {
        long[] renewedAt = {gateway.clock().nanos()};
        world.timeline().every(dice.around(CHECK_NANOS), () -> check(gateway, renewedAt));
        renew(gateway, renewedAt);
    }

    private boolean check(SimGateway gateway, long[] renewedAt) {
        if (!gateway.exists()) {
            return false;
        }
        if (gateway.isPaused()) {
            return true;
        }
        if (world.metadata().isCutOff(gateway.machine())) {
            long since = gateway.clock().nanos() - renewedAt[0];
            if (since > world.setup().leaseNanos() && !world.setup().lateLetGo()) {
                letGoOfAll(gateway, "its lease has run out");
            }
            return true;
        }
        renew(gateway, renewedAt);
        for (PartitionId partition : world.partitions()) {
            world.metadata().read(gateway, partition);
            judge(gateway, partition);
        }
        return true;
    }

    private void renew(SimGateway gateway, long[] renewedAt) {
        if (!world.metadata().isCutOff(gateway.machine())) {
            expiry.put(gateway.session(), world.timeline().now() + world.setup().leaseNanos());
            renewedAt[0] = gateway.clock().nanos();
        }
    }

    private void judge(SimGateway gateway, PartitionId partition) {
        boolean idle = gateway.status(partition).phase() == PartitionStatus.Phase.IDLE;
        boolean preferred = preferred(partition) == gateway.session();
        if (preferred && idle) {
            gateway.input(partition, new PartitionInput.TakeOver());
        } else if (!preferred && !idle && dice.chance(0.5)) {
            gateway.input(partition, new PartitionInput.LetGo("another gateway is to own it"));
        }
    }

    private long preferred(PartitionId partition) {
        List<SimGateway> live = new ArrayList<>(world.running());
        live.removeIf(
                gateway -> expiry.getOrDefault(gateway.session(), 0L) < world.timeline().now());
        long best = -1;
        long bestScore = Long.MIN_VALUE;
        for (SimGateway gateway : live) {
            long score = score(gateway.session() * 31 + partition.partition());
            if (score > bestScore) {
                bestScore = score;
                best = gateway.session();
            }
        }
        return best;
    }

    private static long score(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        return (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    }

    private void letGoOfAll(SimGateway gateway, String reason) {
        for (PartitionId partition : world.partitions()) {
            if (gateway.status(partition).phase() != PartitionStatus.Phase.IDLE) {
                gateway.input(partition, new PartitionInput.LetGo(reason));
            }
        }
    }
}
