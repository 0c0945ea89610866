package io.ackgate.gateway.partition.reads;

import io.ackgate.gateway.partition.PartitionInput.Request;
import io.ackgate.gateway.partition.replicas.Replication;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Requests of consumers that the leader has been asked for, in the order in which it was. */
public final class AskedReads {
    /** How many there may be. */
    public static final int MAX = 10_000;

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

    private final SequencedMap<Long, Asked> byId = new LinkedHashMap<>();

    /** By what its caller knows it: under which id the leader was asked. */
    private final Map<Long, Long> idByToken = new HashMap<>();

    boolean isFull() {
        return byId.size() >= MAX;
    }

    /**
     * The leader is asked.
     *
     * @param upTo see {@link Asked}
     * @param committedBytes see {@link Asked}
     */
    public void add(long requestId, Request request, long upTo, long committedBytes, long now) {
        byId.put(requestId, new Asked(request, upTo, committedBytes, now + PATIENCE_NANOS));
        idByToken.put(request.token(), requestId);
    }

    /** The leader has answered; null if nobody waits for that. */
    public @Nullable Asked remove(long requestId) {
        Asked one = byId.remove(requestId);
        if (one != null) {
            idByToken.remove(one.request().token());
        }
        return one;
    }

    /** Nobody waits for the answer any more; whether there is such a request. */
    public boolean cancel(long token) {
        Long requestId = idByToken.remove(token);
        return requestId != null && byId.remove(requestId) != null;
    }

    public List<Request> takeAll() {
        List<Request> all = byId.values().stream().map(Asked::request).toList();
        byId.clear();
        idByToken.clear();
        return all;
    }

    /** Takes those that the leader has not answered for too long. */
    public List<Request> takeGivenUp(long now) {
        List<Request> taken = new ArrayList<>();
        while (nextDue() != Long.MAX_VALUE && nextDue() - now <= 0) {
            Asked oldest = byId.pollFirstEntry().getValue();
            idByToken.remove(oldest.request().token());
            taken.add(oldest.request());
        }
        return taken;
    }

    /** When the oldest is given up; {@link Long#MAX_VALUE} when there is none. */
    public long nextDue() {
        return byId.isEmpty() ? Long.MAX_VALUE : byId.firstEntry().getValue().giveUpAt();
    }
}
