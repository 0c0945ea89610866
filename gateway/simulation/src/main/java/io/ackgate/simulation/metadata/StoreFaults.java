package io.ackgate.simulation.metadata;

/**
 * How the store treats a compare-and-set.
 *
 * @param delayNanos typical time of one way
 * @param timeoutNanos after which a gateway takes the outcome for unknown
 * @param requestLostChance how probably it never reaches the store
 * @param answerLostChance how probably it is carried out and nobody is told
 * @param lateChance how probably it reaches the store long after its timeout
 * @param lateNanos how long after, typically
 * @param watchNanos typical time until a watch tells of a change
 */
public record StoreFaults(
        long delayNanos,
        long timeoutNanos,
        double requestLostChance,
        double answerLostChance,
        double lateChance,
        long lateNanos,
        long watchNanos) {}
