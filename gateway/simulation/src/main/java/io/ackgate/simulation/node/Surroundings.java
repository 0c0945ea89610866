package io.ackgate.simulation.node;

import io.ackgate.simulation.Story;
import io.ackgate.simulation.check.Invariants;
import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.SkewedClock;
import io.ackgate.simulation.time.Timeline;

/** What a machine and the processes on it live by, and who watches them. */
record Surroundings(
        Timeline timeline,
        Dice dice,
        SkewedClock clock,
        Invariants invariants,
        PowerLossProbe probe,
        OldProducers veterans,
        Story story) {}
