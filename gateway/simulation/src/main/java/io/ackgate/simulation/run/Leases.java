package io.ackgate.simulation.run;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.simulation.gateway.SimGateway;
import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.Timeline;
import io.ackgate.storage.api.PartitionId;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Leases in the metadata store: which gateways each gateway takes for live. What it does about it
 * is the real rule's to say.
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
            if (since > world.setup().leaseNanos() && !world.setup().lateResign()) {
                gateway.leaseLost("its lease has run out");
            }
            return true;
        }
        renew(gateway, renewedAt);
        gateway.live(live());
        for (PartitionId partition : world.partitions()) {
            world.metadata().read(gateway, partition);
        }
        return true;
    }

    private void renew(SimGateway gateway, long[] renewedAt) {
        if (!world.metadata().isCutOff(gateway.machine())) {
            expiry.put(gateway.session(), world.timeline().now() + world.setup().leaseNanos());
            renewedAt[0] = gateway.clock().nanos();
        }
    }

    private Set<GatewaySession> live() {
        Set<GatewaySession> live = new LinkedHashSet<>();
        for (SimGateway gateway : world.running()) {
            if (expiry.getOrDefault(gateway.session(), 0L) >= world.timeline().now()) {
                live.add(gateway.id());
            }
        }
        return live;
    }
}
