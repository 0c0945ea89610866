package io.ackgate.gateway.metadata.embedded;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How much may wait for the store's thread. Any thread. */
final class QueueRoom {
    /** Operations that wait. */
    static final int MAX_COUNT = 100_000;

    /** Bytes of the values that wait to be stored. */
    static final long MAX_BYTES = 64 << 20;

    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /** Takes room for one operation; false if there is none. One without a value needs no bytes. */
    boolean take(int valueBytes) {
        boolean counted = count.incrementAndGet() <= MAX_COUNT;
        boolean fits = bytes.addAndGet(valueBytes) <= MAX_BYTES || valueBytes == 0;
        if (counted && fits) {
            return true;
        }
        giveBack(valueBytes);
        return false;
    }

    /** Takes room for one operation without a value, whether there is any or not. */
    void takeAnyhow() {
        count.incrementAndGet();
    }

    /** An operation waits no more. */
    void giveBack(int valueBytes) {
        count.decrementAndGet();
        bytes.addAndGet(-valueBytes);
    }
}
