package io.ackgate.simulation.run;

import io.ackgate.simulation.node.CoreFactory;
import io.ackgate.simulation.node.EngineCore;

/** What runs on the nodes of tests. */
final class Cores {
    static final CoreFactory FACTORY = EngineCore::open;

    private Cores() {}
}
