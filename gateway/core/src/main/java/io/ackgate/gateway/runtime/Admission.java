package io.ackgate.gateway.runtime;

import io.ackgate.gateway.partition.SharedBudget;
import io.ackgate.storage.api.NodeId;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What this gateway holds in memory for its callers, and its bounds. Any thread.
 *
 * <p>Bytes count from the moment a batch is admitted until every in-sync replica has it (or it was
 * refused), not only until its caller is answered: acks=0 and acks=1 answer before that.
 */
final class Admission implements SharedBudget {
    private final long maxBytes;
    private final int maxRequests;
    private final Predicate<NodeId> hasRoom;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger produces = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger waitingReads = new AtomicInteger();
    private volatile @Nullable String closed;

    /**
     * Nothing is held.
     *
     * @param maxRequests produce requests that may wait for their answer, reads that may wait for
     *     records, and reads that may be under way: each so many
     * @param hasRoom whether the way to a node takes more
     */
    Admission(long maxBytes, int maxRequests, Predicate<NodeId> hasRoom) {
        this.maxBytes = maxBytes;
        this.maxRequests = maxRequests;
        this.hasRoom = hasRoom;
    }

    /** Takes a request into account; or says why it cannot be taken. */
    @Nullable String admit(Request request) {
        return switch (request) {
            case Request.Produce produce -> admitProduce(produce);
            case Request.Read _ -> admitRead();
        };
    }

    private @Nullable String admitProduce(Request.Produce produce) {
        if (produces.incrementAndGet() > maxRequests) {
            produces.decrementAndGet();
            return "%d produce requests wait at this gateway, as many as may; try again later"
                    .formatted(maxRequests);
        }
        long held = bytes.addAndGet(produce.bytes());
        if (held > maxBytes) {
            bytes.addAndGet(-produce.bytes());
            produces.decrementAndGet();
            return "%d bytes wait at this gateway, a batch of %d more is above the %d that may; try again later"
                    .formatted(held - produce.bytes(), produce.bytes(), maxBytes);
        }
        return null;
    }

    /** A read that waits for records takes no place from those that find some. */
    private @Nullable String admitRead() {
        if (reads.incrementAndGet() - waitingReads.get() > maxRequests) {
            reads.decrementAndGet();
            return "%d reads are under way at this gateway, as many as may; try again later"
                    .formatted(maxRequests);
        }
        return null;
    }

    @Override
    public boolean hasRoom(NodeId node) {
        return hasRoom.test(node);
    }

    @Override
    public boolean mayWait() {
        return waitingReads.get() < maxRequests;
    }

    /** So many reads more wait for records. */
    void waitingReads(int more) {
        waitingReads.addAndGet(more);
    }

    /**
     * What has become of requests.
     *
     * @param served reads that wait for records no more
     */
    void release(long heldBytes, int answeredReads, int answeredProduces, int served) {
        bytes.addAndGet(-heldBytes);
        // A read that has been answered waits no more: in this order it never counts as under way.
        reads.addAndGet(-answeredReads);
        waitingReads.addAndGet(-served);
        produces.addAndGet(-answeredProduces);
    }

    long bytes() {
        return bytes.get();
    }

    /** Produce requests that wait for their answer. */
    int pendingProduces() {
        return produces.get();
    }

    /** Reads that wait for records, or for a leader. */
    int waitingReads() {
        return waitingReads.get();
    }

    /** Requests of any kind that wait for their answer. */
    int pendingRequests() {
        return produces.get() + reads.get();
    }

    /** Why nothing new is taken any more; null as long as it is. */
    @Nullable String closed() {
        return closed;
    }

    void close(String reason) {
        closed = reason;
    }
}
