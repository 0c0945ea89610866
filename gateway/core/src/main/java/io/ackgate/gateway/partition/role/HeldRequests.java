package io.ackgate.gateway.partition.role;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.PartitionInput.Produce;
import io.ackgate.gateway.partition.PartitionInput.Request;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Requests that arrived while the epoch was being taken over, in order. Nothing has been done for
 * them: whatever ends them, they were not written.
 *
 * <p>Reads and batches are counted apart, so that neither takes the other's places.
 */
public final class HeldRequests {
    /** Bound of the batches that are held, and of the reads. */
    public static final int MAX_REQUESTS = 10_000;

    private final Context context;

    /** By token, in the order of arrival. */
    private final Map<Long, Request> requests = new LinkedHashMap<>();

    private int produces;
    private long bytes;

    public HeldRequests(Context context) {
        this.context = context;
    }

    public long bytes() {
        return bytes;
    }

    public void hold(Request request) {
        if (request instanceof Produce produce) {
            int size = produce.frame().remaining();
            // One batch is always held, however large: a serving owner takes it, too.
            if (produces >= MAX_REQUESTS
                    || (bytes > 0 && bytes + size > context.settings.maxPendingBytes())) {
                context.fail(
                        produce.token(),
                        ErrorCode.THROTTLING_QUOTA_EXCEEDED,
                        WriteStatus.NOT_WRITTEN,
                        "%s is being taken over and %d batches of %d bytes wait already; try again later"
                                .formatted(context.id, produces, bytes));
                return;
            }
            produces++;
            bytes += size;
        } else if (requests.size() - produces >= MAX_REQUESTS) {
            context.reply(
                    request.token(),
                    new FetchOutcome.Throttled(
                            "%s is being taken over and %d reads wait already; try again later"
                                    .formatted(context.id, MAX_REQUESTS)));
            return;
        }
        requests.put(request.token(), request);
    }

    /** The oldest request, no longer held; null when there is none. */
    public @Nullable Request poll() {
        Iterator<Request> all = requests.values().iterator();
        if (!all.hasNext()) {
            return null;
        }
        Request request = all.next();
        all.remove();
        released(request);
        return request;
    }

    private void released(Request request) {
        if (request instanceof Produce produce) {
            produces--;
            bytes -= produce.frame().remaining();
        }
    }

    /**
     * Nobody waits for the answer any more; a batch keeps its place and is written.
     *
     * @return whether the request is held here
     */
    public boolean cancel(long token) {
        if (requests.get(token) instanceof Produce produce) {
            requests.put(token, produce.withoutCaller());
            return true;
        }
        return requests.remove(token) != null;
    }

    /** Reads that are held. */
    public int reads() {
        return requests.size() - produces;
    }

    public void expire() {
        for (Iterator<Request> all = requests.values().iterator(); all.hasNext(); ) {
            Request request = all.next();
            if (request.deadlineNanos() - context.now > 0) {
                continue;
            }
            all.remove();
            released(request);
            if (request instanceof Produce produce) {
                context.fail(
                        produce.token(),
                        ErrorCode.REQUEST_TIMED_OUT,
                        WriteStatus.NOT_WRITTEN,
                        context.id + " was being taken over for as long as the request could wait");
            } else {
                Idle.refuse(context, request);
            }
        }
    }

    public void refuseAll() {
        for (Request request = poll(); request != null; request = poll()) {
            Idle.refuse(context, request);
        }
    }
}
