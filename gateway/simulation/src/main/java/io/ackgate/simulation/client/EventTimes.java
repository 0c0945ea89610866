package io.ackgate.simulation.client;

import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.SkewedClock;
import java.util.List;

/** Timestamps as producers give them: mostly of now, sometimes of long ago or far ahead. */
final class EventTimes {
    private static final long DAY = 86_400_000;

    /** How far off a strange timestamp is, milliseconds. */
    private static final List<Long> STRANGE =
            List.of(-20 * 365 * DAY, -8 * DAY, -2 * DAY, -1_000L, 500L, 2 * DAY, 500 * 365 * DAY);

    private final SkewedClock clock;
    private final Dice dice;
    private final double strangeChance;

    EventTimes(SkewedClock clock, Dice dice, double strangeChance) {
        this.clock = clock;
        this.dice = dice;
        this.strangeChance = strangeChance;
    }

    /** Milliseconds since 1970. */
    long next() {
        long now = clock.millis();
        return dice.chance(strangeChance) ? now + dice.pick(STRANGE) : now;
    }
}
