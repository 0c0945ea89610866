package io.ackgate.simulation.gateway;

import io.ackgate.gateway.partition.SharedBudget;
import io.ackgate.simulation.time.SkewedClock;
import io.ackgate.storage.api.NodeId;
import java.util.concurrent.TimeUnit;

/**
 * What the partitions of one gateway share. The way to each node has room for a while and none for
 * a while, one node after the other.
 *
 * @param clock of the gateway
 */
public record NarrowWay(SkewedClock clock) implements SharedBudget {
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final int TURNS = 4;

    @Override
    public boolean mayWait() {
        return true;
    }

    @Override
    public boolean hasRoom(NodeId node) {
        return (clock.nanos() / TURN_NANOS + node.value()) % TURNS != 0;
    }
}
