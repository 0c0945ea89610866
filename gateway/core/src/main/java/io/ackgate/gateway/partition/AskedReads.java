package io.ackgate.gateway.partition;

import io.ackgate.gateway.partition.PartitionInput.Request;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests of consumers that the leader has been asked for, in the order in which it was. */
final class AskedReads {
    /** How many there may be. */
    static final int MAX = 10_000;

    /** How long the leader may take to answer, waiting for its turn included. */
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    /**
     * A request on its way.
     *
     * @param upTo the high watermark when it was sent
     * @param committedBytes see {@link Replication#committedBytes}, when it was sent
     * @param giveUpAt when it is answered without the leader; ascends as requests are asked
     */
    record Asked(Request request, long upTo, long committedBytes, long giveUpAt) {}

    private final Map<Long, Asked> byId = new LinkedHashMap<>();

    boolean isFull() {
        return byId.size() >= MAX;
    }

    void add(long requestId, Request request, Replication replication, long now) {
        byId.put(
                requestId,
                new Asked(
                        request,
                        replication.highWatermark(),
                        replication.committedBytes(),
                        now + PATIENCE_NANOS));
    }

    /** The leader has answered; null if nobody waits for that. */
    @Nullable Asked remove(long requestId) {
        return byId.remove(requestId);
    }

    /** Nobody waits for the answer any more; whether there is such a request. */
    boolean cancel(long token) {
        return byId.values().removeIf(one -> one.request().token() == token);
    }

    List<Request> takeAll() {
        List<Request> all = byId.values().stream().map(Asked::request).toList();
        byId.clear();
        return all;
    }

    /** Takes those that the leader has not answered for too long. */
    List<Request> takeGivenUp(long now) {
        List<Request> taken = new ArrayList<>();
        for (Iterator<Asked> all = byId.values().iterator(); all.hasNext(); ) {
            Asked oldest = all.next();
            if (oldest.giveUpAt() - now > 0) {
                break;
            }
            all.remove();
            taken.add(oldest.request());
        }
        return taken;
    }

    /** When the oldest is given up; {@link Long#MAX_VALUE} when there is none. */
    long nextDue() {
        return byId.isEmpty() ? Long.MAX_VALUE : byId.values().iterator().next().giveUpAt();
    }
}
