package io.ackgate.gateway.produce;

import io.ackgate.gateway.runtime.Cancellable;
import org.jspecify.annotations.Nullable;

/** A request that is sent once it was opened. Any thread; sent once. */
final class LateSend implements Cancellable {
    private final Dispatch.Order order;
    private final AnswerListener listener;
    private @Nullable Cancellable sent;
    private boolean cancelled;

    LateSend(Dispatch.Order order, AnswerListener listener) {
        this.order = order;
        this.listener = listener;
    }

    boolean isOpen() {
        return order.isOpen();
    }

    /** Sends it off. What nobody waits for any more is written all the same. */
    void send() {
        Cancellable now = order.send(listener);
        boolean dropped;
        synchronized (this) {
            sent = now;
            dropped = cancelled;
        }
        if (dropped) {
            now.cancel();
        }
    }

    @Override
    public void cancel() {
        Cancellable now;
        synchronized (this) {
            cancelled = true;
            now = sent;
        }
        if (now != null) {
            now.cancel();
        }
    }
}
