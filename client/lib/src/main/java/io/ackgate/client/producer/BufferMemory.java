package io.ackgate.client.producer;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What {@code buffer.memory} allows of records that have not ended. Safe for any thread. */
final class BufferMemory {
    private final int totalBytes;
    private final Semaphore free;

    BufferMemory(int totalBytes) {
        this.totalBytes = totalBytes;
        this.free = new Semaphore(totalBytes);
    }

    int totalBytes() {
        return totalBytes;
    }

    /**
     * Takes room if there is some.
     *
     * @param waitNanos how long to wait for it, 0 for not at all
     * @return false if there was none, or the thread was interrupted, which it stays
     */
    boolean take(int bytes, long waitNanos) {
        if (free.tryAcquire(bytes)) {
            return true;
        }
        if (waitNanos <= 0) {
            return false;
        }
        try {
            return free.tryAcquire(bytes, waitNanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void give(int bytes) {
        free.release(bytes);
    }
}
