package io.ackgate.simulation.network;

import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.Timeline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One direction of a stream: in order and without loss, as TCP is, until it is broken. Then some of
 * what was under way still arrives, perhaps much later, and the rest never does.
 */
final class Pipe<M> {
    private record Message<M>(M body, long readyAt) {}

    private final Timeline timeline;
    private final Dice dice;
    private final Weather weather;
    private final BooleanSupplier blocked;
    private final Consumer<M> receiver;
    private final ArrayDeque<Message<M>> underWay = new ArrayDeque<>();
    private long lastReadyAt;
    private boolean broken;

    Pipe(
            Timeline timeline,
            Dice dice,
            Weather weather,
            BooleanSupplier blocked,
            Consumer<M> receiver) {
        this.timeline = timeline;
        this.dice = dice;
        this.weather = weather;
        this.blocked = blocked;
        this.receiver = receiver;
    }

    void send(M message) {
        if (broken) {
            return;
        }
        long readyAt = Math.max(lastReadyAt, timeline.now() + weather.delay(dice));
        enqueue(message, readyAt);
    }

    private void enqueue(M message, long readyAt) {
        lastReadyAt = readyAt;
        underWay.add(new Message<>(message, readyAt));
        timeline.at(readyAt, this::deliver);
    }

    /** Hands over what has arrived; to be called when the way is free again. */
    void deliver() {
        while (!underWay.isEmpty()
                && underWay.peek().readyAt() <= timeline.now()
                && !blocked.getAsBoolean()) {
            receiver.accept(underWay.remove().body());
        }
    }

    /** Nothing more can be sent; a prefix of what is under way arrives late, some of it twice. */
    void breakOff() {
        if (broken) {
            return;
        }
        broken = true;
        List<Message<M>> rest = new ArrayList<>(underWay);
        underWay.clear();
        int arriving = rest.isEmpty() ? 0 : dice.between(0, rest.size());
        long late = dice.chance(weather.strayChance()) ? dice.around(weather.strayNanos()) : 0;
        for (Message<M> message : rest.subList(0, arriving)) {
            enqueue(message.body(), Math.max(lastReadyAt, message.readyAt() + late));
        }
        if (arriving > 0 && dice.chance(weather.duplicateChance())) {
            int again = dice.between(0, arriving - 1);
            for (Message<M> message : rest.subList(again, arriving)) {
                enqueue(message.body(), lastReadyAt + dice.around(weather.strayNanos()));
            }
        }
    }

    /** The receiver is gone: what is under way finds nobody. */
    void drop() {
        broken = true;
        underWay.clear();
    }
}
