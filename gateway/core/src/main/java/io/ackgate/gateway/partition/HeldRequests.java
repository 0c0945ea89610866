package io.ackgate.gateway.partition;

import io.ackgate.gateway.partition.PartitionInput.Fetch;
import io.ackgate.gateway.partition.PartitionInput.FindPosition;
import io.ackgate.gateway.partition.PartitionInput.Produce;
import io.ackgate.gateway.partition.PartitionInput.Request;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Requests that arrived while the epoch was being taken over, in order. Nothing has been done for
 * them: whatever ends them, they were not written.
 */
final class HeldRequests {
    private static final int MAX_REQUESTS = 10_000;

    private final Context context;
    private final ArrayDeque<Request> requests = new ArrayDeque<>();
    private long bytes;

    HeldRequests(Context context) {
        this.context = context;
    }

    long bytes() {
        return bytes;
    }

    void hold(Request request) {
        int size = request instanceof Produce produce ? produce.frame().remaining() : 0;
        if (requests.size() >= MAX_REQUESTS || bytes + size > context.settings.maxPendingBytes()) {
            if (request instanceof Produce) {
                context.fail(
                        request.token(),
                        ProduceError.THROTTLING_QUOTA_EXCEEDED,
                        Fate.NOT_WRITTEN,
                        "%s is being taken over and %d requests wait already; try again later"
                                .formatted(context.id, requests.size()));
            } else {
                Idle.refuse(context, request);
            }
            return;
        }
        requests.add(request);
        bytes += size;
    }

    /** The oldest request, no longer held; null when there is none. */
    @org.jspecify.annotations.Nullable
    Request poll() {
        Request request = requests.poll();
        if (request instanceof Produce produce) {
            bytes -= produce.frame().remaining();
        }
        return request;
    }

    void expire() {
        for (Iterator<Request> all = requests.iterator(); all.hasNext(); ) {
            Request request = all.next();
            if (deadline(request) - context.now > 0) {
                continue;
            }
            all.remove();
            if (request instanceof Produce produce) {
                bytes -= produce.frame().remaining();
                context.fail(
                        produce.token(),
                        ProduceError.REQUEST_TIMED_OUT,
                        Fate.NOT_WRITTEN,
                        context.id + " was being taken over for as long as the request could wait");
            } else {
                Idle.refuse(context, request);
            }
        }
    }

    void refuseAll() {
        for (Request request = poll(); request != null; request = poll()) {
            Idle.refuse(context, request);
        }
    }

    private static long deadline(Request request) {
        return switch (request) {
            case Produce produce -> produce.deadlineNanos();
            case Fetch fetch -> fetch.deadlineNanos();
            case FindPosition find -> find.deadlineNanos();
        };
    }
}
