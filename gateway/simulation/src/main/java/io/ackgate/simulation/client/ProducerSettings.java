package io.ackgate.simulation.client;

import io.ackgate.gateway.partition.Acks;
import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.Timeline;
import io.ackgate.storage.api.ReplicaSettings;

/**
 * How an idempotent producer behaves.
 *
 * @param acks of all its batches, at least {@link Acks#LEADER}
 * @param epochBumpChance how probably it begins a new session before a batch
 * @param napNanos for how long it typically neither sends nor hears anything now and then, long
 *     enough to be forgotten; 0 if it never does
 * @param patience how often a batch may be refused for its sequence before it starts anew
 */
public record ProducerSettings(Acks acks, double epochBumpChance, long napNanos, int patience) {
    private static final int PATIENCE = 100;

    /** Where a refusal is the rule, and no batch that came late. */
    private static final int LITTLE_PATIENCE = 15;

    /**
     * Habits for a partition.
     *
     * @param settings of its replicas, which tell how long a producer may be silent
     */
    public static ProducerSettings of(Dice dice, double epochBumpChance, ReplicaSettings settings) {
        Acks acks = dice.chance(0.2) ? Acks.LEADER : Acks.ALL;
        boolean naps =
                settings.producerExpirationMillis()
                        < ReplicaSettings.DEFAULTS.producerExpirationMillis();
        return new ProducerSettings(
                acks,
                epochBumpChance,
                naps ? settings.producerExpirationMillis() * Timeline.MILLIS : 0,
                naps || acks == Acks.LEADER ? LITTLE_PATIENCE : PATIENCE);
    }
}
