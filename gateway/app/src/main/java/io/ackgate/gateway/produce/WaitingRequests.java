package io.ackgate.gateway.produce;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * All requests of this gateway that wait until a batch is opened, their own or one before it in
 * their stream. Bounded by what they hold, which topics share, and each is told when it is late.
 * Any thread.
 */
final class WaitingRequests {
    /** What a request holds beside its batches, about. */
    static final long REQUEST_BYTES = 1 << 10;

    private final TopicShares shares;
    private final LongSupplier nanoTime;

    /** Those that can be late, the one that will be next in front. */
    private final NavigableSet<LateSend> byDeadline =
            new TreeSet<>(
                    Comparator.<LateSend>comparingLong(LateSend::deadlineNanos)
                            .thenComparingLong(LateSend::number));

    private long lastNumber;

    /**
     * Nothing waits.
     *
     * @param maxBytes that may wait
     */
    WaitingRequests(long maxBytes, LongSupplier nanoTime) {
        this.shares = new TopicShares(maxBytes);
        this.nanoTime = nanoTime;
    }

    /** Bytes that wait. */
    synchronized long bytes() {
        return shares.bytes();
    }

    /** Takes a request in; false if there is no room for it. */
    synchronized boolean join(LateSend request) {
        if (!shares.hasRoom(request.topic(), request.bytes())) {
            return false;
        }
        shares.take(request.topic(), request.bytes());
        request.number(++lastNumber);
        if (request.canBeLate()) {
            byDeadline.add(request);
        }
        return true;
    }

    /** A request that was taken in waits no more; called once. */
    synchronized void leave(LateSend request) {
        shares.giveBack(request.topic(), request.bytes());
        byDeadline.remove(request);
    }

    /** Why there was no room for a request. */
    synchronized String full(LateSend request) {
        return ("requests of %d bytes wait behind compressed batches that are being opened, of at"
                        + " most %d, and %d of them are for this topic, which may have as much as"
                        + " it leaves free: send it again a little later")
                .formatted(shares.bytes(), shares.maxBytes(), shares.bytes(request.topic()));
    }

    /** Tells those that are late; called every now and then. */
    void tellLate() {
        long now = nanoTime.getAsLong();
        List<LateSend> late = new ArrayList<>();
        synchronized (this) {
            for (LateSend next : byDeadline) {
                if (next.deadlineNanos() - now > 0) {
                    break;
                }
                late.add(next);
            }
        }
        late.forEach(LateSend::tellLate);
    }
}
