package io.ackgate.gateway.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which partitions of a thread are told the time, and when: those for which something may be due
 * with any tick, and the others not before it is. A partition that waits for nothing costs nothing.
 * Thread-confined.
 */
final class TickSchedule {
    private static final Comparator<HostedPartition> BY_TIME =
            Comparator.<HostedPartition>comparingLong(host -> host.scheduledAt)
                    .thenComparingLong(host -> host.number);

    private final Set<HostedPartition> eachTick = new LinkedHashSet<>();
    private final NavigableSet<HostedPartition> later = new TreeSet<>(BY_TIME);

    /**
     * Something is due for a partition at a time, and not before.
     *
     * @param soon a time that is past is due with each tick until this one
     */
    void put(HostedPartition host, long dueNanos, long soon) {
        boolean each = dueNanos <= soon;
        if (each == host.eachTick && (each || host.scheduledAt == dueNanos)) {
            return;
        }
        remove(host);
        host.eachTick = each;
        if (each) {
            eachTick.add(host);
        } else if (dueNanos != Long.MAX_VALUE) {
            host.scheduledAt = dueNanos;
            later.add(host);
        }
    }

    /** Nothing is due for it any more. */
    void remove(HostedPartition host) {
        if (host.eachTick) {
            eachTick.remove(host);
            host.eachTick = false;
        } else if (host.scheduledAt != Long.MAX_VALUE) {
            later.remove(host);
        }
        host.scheduledAt = Long.MAX_VALUE;
    }

    /** Those to be told the time now. */
    List<HostedPartition> due(long now) {
        List<HostedPartition> due = new ArrayList<>(eachTick);
        for (HostedPartition host : later) {
            if (host.scheduledAt > now) {
                break;
            }
            due.add(host);
        }
        return due;
    }

    /** When the next one is due; {@link Long#MAX_VALUE} when none is before something happens. */
    long nextDue(long nextTick) {
        if (!eachTick.isEmpty()) {
            return nextTick;
        }
        return later.isEmpty() ? Long.MAX_VALUE : Math.max(nextTick, later.first().scheduledAt);
    }
}
