package io.ackgate.simulation.client;

import io.ackgate.simulation.gateway.SimGateway;
import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.Timeline;
import io.ackgate.storage.api.PartitionId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** A client's connections to gateways: in order each, sometimes stuck, and answers get lost. */
public final class Wire {
    /**
     * How connections behave.
     *
     * @param delayNanos typical time of one way
     * @param stuckChance how probably a request is stuck for long, and with it those behind it
     * @param stuckNanos for how long, typically
     * @param lossChance how probably an answer is lost
     * @param strayChance how probably a client asks another gateway than the owner it knows of
     */
    public record StoreFaults(
            long delayNanos,
            double stuckChance,
            long stuckNanos,
            double lossChance,
            double strayChance) {}

    private final Timeline timeline;
    private final Dice dice;
    private final StoreFaults manners;
    private final Gateways gateways;
    private final Map<Integer, Long> lastArrival = new HashMap<>();

    public Wire(Timeline timeline, Dice dice, StoreFaults manners, Gateways gateways) {
        this.timeline = timeline;
        this.dice = dice;
        this.manners = manners;
        this.gateways = gateways;
    }

    public Timeline timeline() {
        return timeline;
    }

    public Dice dice() {
        return dice;
    }

    /**
     * Calls the gateway that the client takes for the partition's owner; nothing happens if there
     * is none.
     */
    public void call(PartitionId partition, Consumer<SimGateway> request) {
        int owner = gateways.ownerOf(partition);
        boolean stray = owner < 0 || dice.chance(manners.strayChance());
        int machine = stray ? dice.between(0, gateways.machines() - 1) : owner;
        long delay = dice.around(manners.delayNanos());
        if (dice.chance(manners.stuckChance())) {
            delay += dice.around(manners.stuckNanos());
        }
        long arrival = Math.max(lastArrival.getOrDefault(machine, 0L), timeline.now() + delay);
        lastArrival.put(machine, arrival);
        timeline.at(
                arrival,
                () -> {
                    SimGateway gateway = gateways.on(machine);
                    if (gateway != null) {
                        request.accept(gateway);
                    }
                });
    }

    /** Carries an answer back to the client, or loses it. */
    public void back(Runnable answer) {
        if (!dice.chance(manners.lossChance())) {
            timeline.after(dice.around(manners.delayNanos()), answer);
        }
    }
}
