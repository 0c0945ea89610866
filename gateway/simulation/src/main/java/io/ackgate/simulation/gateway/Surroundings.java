package io.ackgate.simulation.gateway;

import io.ackgate.simulation.Story;
import io.ackgate.simulation.check.Invariants;
import io.ackgate.simulation.metadata.SimMetadata;
import io.ackgate.simulation.network.SimNetwork;
import io.ackgate.simulation.time.SkewedClock;
import io.ackgate.storage.api.NodeId;
import java.util.Map;

/**
 * What the partitions of a gateway process reach, and who watches them.
 *
 * @param openStreams the streams of the process that are open
 */
record Surroundings(
        SimGateway gateway,
        SkewedClock clock,
        SimNetwork network,
        SimMetadata metadata,
        Invariants invariants,
        Story story,
        Callers callers,
        CatchUpTurns turns,
        Map<NodeId, Long> openStreams) {}
