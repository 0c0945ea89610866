package io.ackgate.simulation;

import io.ackgate.simulation.check.Invariant;
import io.ackgate.simulation.check.Violation;
import io.ackgate.simulation.check.VoidReason;
import io.ackgate.simulation.run.Ending;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What seeds came to, so that a change of the worlds does not leave something out unnoticed. */
final class Sums {
    private final Map<VoidReason, Integer> voids = new EnumMap<>(VoidReason.class);
    private final Set<Long> failed = new TreeSet<>();
    private final Map<Invariant, Integer> violated = new EnumMap<>(Invariant.class);
    private int seeds;
    private long events;
    private long partitions;
    private long committed;
    private long retained;
    private int voidSeeds;

    synchronized void add(Ending ending) {
        seeds++;
        events += ending.events();
        partitions += ending.partitions();
        committed += ending.committedRecords();
        retained += ending.retainedRecords();
        voidSeeds += ending.voids().isEmpty() ? 0 : 1;
        ending.voids().forEach(reason -> voids.merge(reason, 1, Integer::sum));
        Violation violation = ending.violation();
        if (violation != null) {
            failed.add(ending.seed());
            violated.merge(violation.invariant(), 1, Integer::sum);
        }
    }

    synchronized long committed() {
        return committed;
    }

    synchronized long retained() {
        return retained;
    }

    /** Seeds in which nothing is promised any more of some partition. */
    synchronized int voidSeeds() {
        return voidSeeds;
    }

    /** The seeds that failed, the smallest first. */
    synchronized List<Long> failed() {
        return List.copyOf(failed);
    }

    /** How many seeds violate what. */
    synchronized Map<Invariant, Integer> violated() {
        return Map.copyOf(violated);
    }

    synchronized String told(double millisPerSeed) {
        StringBuilder text = new StringBuilder();
        text.append(
                """
                simulation: %d seeds, %d events, %d records committed, %d of them deleted by \
                retention, %.1f ms per seed
                  void: %d of %d partitions, in %d seeds
                """
                        .formatted(
                                seeds,
                                events,
                                committed,
                                retained,
                                millisPerSeed,
                                voids.values().stream().mapToInt(Integer::intValue).sum(),
                                partitions,
                                voidSeeds));
        voids.forEach(
                (reason, count) ->
                        text.append("  %5d %s: %s%n".formatted(count, reason, reason.text())));
        return text.toString();
    }
}
