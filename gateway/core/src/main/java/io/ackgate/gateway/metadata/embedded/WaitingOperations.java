package io.ackgate.gateway.metadata.embedded;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for and is not taken up yet, first come, first served, within bounds. Offered by
 * any thread, taken by the store's.
 */
final class WaitingOperations {
    /** Operations that wait. */
    static final int MAX_COUNT = 100_000;

    /** Bytes of the values that wait to be stored. */
    static final long MAX_BYTES = 64 << 20;

    /** Operations of one group, and so of one sync. */
    private static final int MAX_GROUP = 4_096;

    /** A group takes up nothing more once its values have so many bytes. */
    private static final int MAX_GROUP_BYTES = 16 << 20;

    private final BlockingQueue<Operation<?>> queue = new LinkedBlockingQueue<>(MAX_COUNT);
    private final AtomicLong bytes = new AtomicLong();

    /** Takes an operation in; false if there is no room for it. */
    boolean offer(Operation<?> operation) {
        boolean fits = bytes.addAndGet(operation.bytes) <= MAX_BYTES || operation.bytes == 0;
        if (fits && queue.offer(operation)) {
            return true;
        }
        bytes.addAndGet(-operation.bytes);
        return false;
    }

    /** Waits for an operation, and moves it and what is behind it into the group. */
    void takeUp(List<Operation<?>> group) throws InterruptedException {
        Operation<?> next = queue.take();
        long taken = 0;
        while (next != null) {
            group.add(next);
            taken += next.bytes;
            bytes.addAndGet(-next.bytes);
            boolean full = group.size() >= MAX_GROUP || taken >= MAX_GROUP_BYTES;
            next = full ? null : queue.poll();
        }
    }

    /** The next one; null if there is none. */
    @Nullable Operation<?> poll() {
        return queue.poll();
    }
}
