package io.ackgate.gateway.host;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The compare-and-sets of one partition that are under way, by attempt. Each ends once: with what
 * the store answers, or when its time is up.
 */
final class CasDeadlines {
    private static final long[] NONE = {};

    /** In the order of their deadlines, which are all one timeout away. */
    private final LinkedHashMap<Long, Long> deadlines = new LinkedHashMap<>();

    void add(long attempt, long deadlineNanos) {
        deadlines.put(attempt, deadlineNanos);
    }

    /** The store has answered; false if the attempt has ended before. */
    boolean end(long attempt) {
        return deadlines.remove(attempt) != null;
    }

    /** Ends those whose time is up. Asked with every tick, and most often there is none. */
    long[] takeOverdue(long now) {
        if (deadlines.isEmpty() || now - deadlines.firstEntry().getValue() < 0) {
            return NONE;
        }
        long[] overdue =
                deadlines.entrySet().stream()
                        .filter(each -> now - each.getValue() >= 0)
                        .mapToLong(Map.Entry::getKey)
                        .toArray();
        for (long attempt : overdue) {
            deadlines.remove(attempt);
        }
        return overdue;
    }

    /** {@link Long#MAX_VALUE} if none is under way. */
    long nextDueNanos() {
        return deadlines.isEmpty() ? Long.MAX_VALUE : deadlines.firstEntry().getValue();
    }
}
