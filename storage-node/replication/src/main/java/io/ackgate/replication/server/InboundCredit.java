package io.ackgate.replication.server;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of a stream the engine may hold in memory, be it in its queue, behind a change of a
 * replica, or gathered for a sync: while it holds more, the next message is left with HTTP/2, whose
 * flow control then holds the gateway back. Nobody is blocked meanwhile, so that answers and the
 * other streams go on.
 */
final class InboundCredit {
    private final long maxPendingBytes;
    private final Runnable askForMore;
    private final AtomicLong pendingBytes = new AtomicLong();
    private final AtomicBoolean withheld = new AtomicBoolean();

    /**
     * Nothing is pending, and one message has been asked for.
     *
     * @param askForMore asks for one more message; from any thread
     */
    InboundCredit(long maxPendingBytes, Runnable askForMore) {
        this.maxPendingBytes = maxPendingBytes;
        this.askForMore = askForMore;
    }

    /** A message has been handed over; asks for the next one, now or when there is room. */
    void take(long bytes) {
        if (pendingBytes.addAndGet(bytes) <= maxPendingBytes) {
            askForMore.run();
        } else {
            withheld.set(true);
            askIfRoom();
        }
    }

    /** What was handed over is settled. From any thread, also before {@link #take}. */
    void giveBack(long bytes) {
        pendingBytes.addAndGet(-bytes);
        askIfRoom();
    }

    private void askIfRoom() {
        if (pendingBytes.get() <= maxPendingBytes && withheld.compareAndSet(true, false)) {
            askForMore.run();
        }
    }
}
