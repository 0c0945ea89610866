package io.ackgate.replication.wire;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * What is to be sent on one stream: taken from any thread, handed on in messages, by one thread at
 * a time and only while the wire takes it.
 *
 * <p>While the wire does not, items wait here as they are (frames shared with all who hold them)
 * instead of copied into socket buffers, and the messages that follow are the larger for it:
 * batches grow under load by themselves. A peer that hangs takes nothing: a caller that has
 * something to add that can wait asks {@link #hasRoom} first. What is added all the same is kept,
 * since order is all.
 *
 * @param <T> an item: never changed, and put into messages in the order of {@link #add}
 */
public final class Outbox<T> {
    /** One direction of a stream. */
    public interface Wire<T> {
        /**
         * Whether another message would be sent without waiting. After {@code false}, {@link
         * Outbox#drain} has to be called when that changes.
         */
        boolean isReady();

        /** Sends one message with these items. Never called by two threads at once. */
        void send(List<T> items);
    }

    private final Wire<T> wire;
    private final ToIntFunction<T> weight;
    private final int messageBytes;
    private final long maxBytes;

    private final ArrayDeque<T> queue = new ArrayDeque<>();
    private long queuedBytes;
    private boolean draining;
    private boolean closed;

    /**
     * An empty outbox.
     *
     * @param weight bytes that an item takes, about
     * @param messageBytes size at which a message takes no more items, bytes; one item always fits
     * @param maxBytes of what waits, above which there is no room
     */
    public Outbox(Wire<T> wire, ToIntFunction<T> weight, int messageBytes, long maxBytes) {
        this.wire = wire;
        this.weight = weight;
        this.messageBytes = messageBytes;
        this.maxBytes = maxBytes;
    }

    /**
     * Adds an item; it goes out with the next {@link #drain} of any thread. Nothing happens after
     * {@link #close}.
     */
    public synchronized void add(T item) {
        if (!closed) {
            queue.add(item);
            queuedBytes += weight.applyAsInt(item);
        }
    }

    /** Whether what waits is below the bound; an outbox that is closed takes everything. */
    public synchronized boolean hasRoom() {
        return queuedBytes < maxBytes;
    }

    /**
     * Sends what waits, as far as the wire is ready for it. Returns at once if another thread is at
     * it: that one also sends what was added here before.
     */
    public void drain() {
        List<T> items = claim();
        while (!items.isEmpty()) {
            boolean sent = false;
            try {
                wire.send(items);
                sent = true;
            } finally {
                if (!sent) {
                    close();
                }
            }
            items = next();
        }
    }

    /** Drops what waits, and all that is added from now on. A send under way ends by itself. */
    public synchronized void close() {
        closed = true;
        queue.clear();
        queuedBytes = 0;
        draining = false;
    }

    /** Bytes that wait, about. */
    public synchronized long queuedBytes() {
        return queuedBytes;
    }

    private synchronized List<T> claim() {
        if (draining) {
            return List.of();
        }
        return next();
    }

    /**
     * The wire is asked under the lock: a thread that gives up here cannot miss its turning ready.
     */
    private synchronized List<T> next() {
        draining = !closed && !queue.isEmpty() && wire.isReady();
        if (!draining) {
            return List.of();
        }
        List<T> items = new ArrayList<>(Math.min(queue.size(), 64));
        int bytes = 0;
        while (!queue.isEmpty()) {
            int more = weight.applyAsInt(queue.element());
            if (!items.isEmpty() && bytes + more > messageBytes) {
                break;
            }
            items.add(queue.remove());
            bytes += more;
        }
        queuedBytes -= bytes;
        return items;
    }
}
