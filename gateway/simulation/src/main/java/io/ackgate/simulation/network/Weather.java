package io.ackgate.simulation.network;

import io.ackgate.simulation.time.Dice;

/**
 * How the network behaves when nothing in particular goes wrong.
 *
 * @param delayNanos typical time of one message on its way
 * @param keepAliveNanos silence after which an end of a stream gives it up
 * @param reconnectNanos pause before a stream is opened again
 * @param strayChance how probably what is under way on a broken stream arrives much later
 * @param strayNanos how much later
 * @param duplicateChance how probably some of it arrives twice
 * @param deafChance how probably a node never notices that a stream has ended
 */
public record Weather(
        long delayNanos,
        long keepAliveNanos,
        long reconnectNanos,
        double strayChance,
        long strayNanos,
        double duplicateChance,
        double deafChance) {

    /** The time that one message takes. */
    long delay(Dice dice) {
        return dice.around(delayNanos);
    }
}
