package io.ackgate.storage.runtime;

import io.ackgate.storage.api.StorageRequest;
import java.util.concurrent.Semaphore;

/** Bounds the bytes of frames that an engine holds: whoever brings more waits. Thread-safe. */
final class HeldBytes {
    private static final int PERMIT_BYTES = 4096;

    private final int maxPermits;
    private final Semaphore permits;

    HeldBytes(long maxBytes) {
        maxPermits = (int) Math.min(Integer.MAX_VALUE, Math.max(1, maxBytes / PERMIT_BYTES));
        permits = new Semaphore(maxPermits);
    }

    /**
     * Takes room for a request, waiting for it if need be.
     *
     * @param settled to be run when the room is given back
     * @return what gives the room back
     */
    Runnable take(StorageRequest request, Runnable settled) {
        if (!(request instanceof StorageRequest.Append append)) {
            return settled;
        }
        int taken = Math.min(maxPermits, 1 + append.frame().remaining() / PERMIT_BYTES);
        permits.acquireUninterruptibly(taken);
        return () -> {
            permits.release(taken);
            settled.run();
        };
    }

    /** Nobody waits any more: nobody would ever give anything back. */
    void open() {
        permits.release(Integer.MAX_VALUE - maxPermits);
    }
}
