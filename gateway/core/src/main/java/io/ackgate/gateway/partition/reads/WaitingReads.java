package io.ackgate.gateway.partition.reads;

import io.ackgate.gateway.partition.PartitionInput.Request;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads that cannot be served yet, each with what it waits for. They are found by what has happened
 * and by their deadline, so that one that waits costs nothing until then.
 */
final class WaitingReads {
    /** What a read waits for. */
    sealed interface Until {
        /** The high watermark is above an offset. */
        record HighWatermark(long above) implements Until {}

        /** So many bytes of this epoch are committed. */
        record CommittedBytes(long bytes) implements Until {}

        /** The leader replica can be asked. */
        record Leader() implements Until {}
    }

    public static final Until LEADER = new Until.Leader();

    private record Waiting(long sequence, Request request, Until until) {
        long deadline() {
            return request.deadlineNanos();
        }

        /** What has to be reached; nothing for those who wait for the leader. */
        long mark() {
            return switch (until) {
                case Until.HighWatermark(long above) -> above + 1;
                case Until.CommittedBytes(long bytes) -> bytes;
                case Until.Leader _ -> 0;
            };
        }
    }

    private static final Comparator<Waiting> BY_MARK =
            Comparator.comparingLong(Waiting::mark).thenComparingLong(Waiting::sequence);

    private static final Comparator<Waiting> BY_DEADLINE =
            Comparator.comparingLong(Waiting::deadline).thenComparingLong(Waiting::sequence);

    private final Map<Long, Waiting> byToken = new HashMap<>();
    private final NavigableSet<Waiting> byDeadline = new TreeSet<>(BY_DEADLINE);
    private final NavigableSet<Waiting> forHighWatermark = new TreeSet<>(BY_MARK);
    private final NavigableSet<Waiting> forBytes = new TreeSet<>(BY_MARK);
    private final Map<Long, Waiting> forLeader = new LinkedHashMap<>();
    private long lastSequence;

    public int size() {
        return byToken.size();
    }

    boolean anyForLeader() {
        return !forLeader.isEmpty();
    }

    public void add(Request request, Until until) {
        Waiting one = new Waiting(++lastSequence, request, until);
        byToken.put(request.token(), one);
        byDeadline.add(one);
        switch (until) {
            case Until.HighWatermark _ -> forHighWatermark.add(one);
            case Until.CommittedBytes _ -> forBytes.add(one);
            case Until.Leader _ -> forLeader.put(request.token(), one);
        }
    }

    /** The request waits no more; null if none waits under that token. */
    @Nullable Request remove(long token) {
        Waiting one = byToken.get(token);
        if (one == null) {
            return null;
        }
        forget(one);
        return one.request();
    }

    private void forget(Waiting one) {
        byToken.remove(one.request().token());
        byDeadline.remove(one);
        switch (one.until()) {
            case Until.HighWatermark _ -> forHighWatermark.remove(one);
            case Until.CommittedBytes _ -> forBytes.remove(one);
            case Until.Leader _ -> forLeader.remove(one.request().token());
        }
    }

    /** Takes those for whom enough is committed by now. */
    List<Request> takeReached(long highWatermark, long committedBytes) {
        List<Waiting> taken = new ArrayList<>();
        takeUpTo(forHighWatermark, highWatermark, taken);
        takeUpTo(forBytes, committedBytes, taken);
        return requests(taken);
    }

    private void takeUpTo(NavigableSet<Waiting> from, long mark, List<Waiting> into) {
        while (!from.isEmpty() && from.first().mark() <= mark) {
            Waiting one = from.first();
            forget(one);
            into.add(one);
        }
    }

    /** Takes those who wait for the leader. */
    List<Request> takeForLeader() {
        List<Waiting> taken = List.copyOf(forLeader.values());
        taken.forEach(this::forget);
        return requests(taken);
    }

    /** Takes those whose wait is over. */
    List<Request> takeExpired(long now) {
        List<Waiting> taken = new ArrayList<>();
        while (!byDeadline.isEmpty() && byDeadline.first().deadline() - now <= 0) {
            Waiting one = byDeadline.first();
            forget(one);
            taken.add(one);
        }
        return requests(taken);
    }

    public List<Request> takeAll() {
        List<Waiting> taken = List.copyOf(byDeadline);
        taken.forEach(this::forget);
        return requests(taken);
    }

    private static List<Request> requests(List<Waiting> taken) {
        return taken.stream().map(Waiting::request).toList();
    }

    /** When the first of them has waited long enough; {@link Long#MAX_VALUE} when none waits. */
    public long nextDeadline() {
        return byDeadline.isEmpty() ? Long.MAX_VALUE : byDeadline.first().deadline();
    }
}
