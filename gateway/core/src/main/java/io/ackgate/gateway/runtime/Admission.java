package io.ackgate.gateway.runtime;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What this gateway holds in memory for its callers, and its bounds. Any thread.
 *
 * <p>Bytes count from the moment a batch is admitted until every in-sync replica has it (or it was
 * refused), not only until its caller is answered: acks=0 and acks=1 answer before that.
 */
final class Admission {
    private final long maxBytes;
    private final int maxRequests;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger produces = new AtomicInteger();
    private volatile @Nullable String closed;

    Admission(long maxBytes, int maxRequests) {
        this.maxBytes = maxBytes;
        this.maxRequests = maxRequests;
    }

    /** Takes a request into account; or says why it cannot be taken. */
    @Nullable String admit(Request request) {
        if (requests.incrementAndGet() > maxRequests) {
            requests.decrementAndGet();
            return "%d requests wait at this gateway, as many as may; try again later"
                    .formatted(maxRequests);
        }
        if (request instanceof Request.Produce) {
            long held = bytes.addAndGet(request.bytes());
            if (held > maxBytes) {
                bytes.addAndGet(-request.bytes());
                requests.decrementAndGet();
                return "%d bytes wait at this gateway, a batch of %d more is above the %d that may; try again later"
                        .formatted(held - request.bytes(), request.bytes(), maxBytes);
            }
            produces.incrementAndGet();
        }
        return null;
    }

    void release(long heldBytes, int answered, int answeredProduces) {
        bytes.addAndGet(-heldBytes);
        requests.addAndGet(-answered);
        produces.addAndGet(-answeredProduces);
    }

    long bytes() {
        return bytes.get();
    }

    /** Produce requests that wait for their answer. */
    int pendingProduces() {
        return produces.get();
    }

    int pendingRequests() {
        return requests.get();
    }

    /** Why nothing new is taken any more; null as long as it is. */
    @Nullable String closed() {
        return closed;
    }

    void close(String reason) {
        closed = reason;
    }
}
