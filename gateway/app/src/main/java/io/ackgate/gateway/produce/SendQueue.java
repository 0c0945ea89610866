package io.ackgate.gateway.produce;

import io.ackgate.gateway.runtime.Cancellable;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * The requests of one stream, sent in the order in which they came, although some of them have to
 * be opened first. Those are opened at the same time. Confined to the stream's event loop; bounded
 * by what the stream may hold.
 */
public final class SendQueue {
    private final Executor turns;
    private final Queue<LateSend> waiting = new ArrayDeque<>();

    /**
     * Nothing waits.
     *
     * @param turns of the event loop
     */
    public SendQueue(Executor turns) {
        this.turns = turns;
    }

    /** Sends it off behind those before it; see {@link Producing.TakenRequest#send}. */
    public Cancellable send(Producing.TakenRequest order, AnswerListener listener) {
        if (waiting.isEmpty() && order.isOpen()) {
            return order.send(listener);
        }
        LateSend late = new LateSend(order, listener);
        waiting.add(late);
        if (!order.isOpen()) {
            order.open(() -> turns.execute(this::sendOpened));
        }
        return late;
    }

    private void sendOpened() {
        for (LateSend next = waiting.peek(); next != null && next.isOpen(); next = waiting.peek()) {
            waiting.remove();
            next.send();
        }
    }
}
