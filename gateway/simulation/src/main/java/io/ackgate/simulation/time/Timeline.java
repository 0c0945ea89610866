package io.ackgate.simulation.time;

import java.util.PriorityQueue;

/**
 * What is going to happen, in the order of simulated time; what falls on the same nanosecond
 * happens in the order in which it was planned. Time passes by jumping to the next event.
 */
public final class Timeline {
    public static final long MILLIS = 1_000_000;

    private record Event(long at, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long nowNanos = 1_000 * MILLIS;
    private long planned;
    private long happened;

    /** Simulated time, nanoseconds since some moment before the story begins. */
    public long now() {
        return nowNanos;
    }

    /** How many events have happened. */
    public long happened() {
        return happened;
    }

    /** Plans an action for a moment that is not in the past. */
    public void at(long timeNanos, Runnable action) {
        events.add(new Event(Math.max(timeNanos, nowNanos), planned++, action));
    }

    /** Plans an action. */
    public void after(long delayNanos, Runnable action) {
        at(nowNanos + delayNanos, action);
    }

    /** Repeats an action for as long as it returns true, the first time after one period. */
    public void every(long periodNanos, java.util.function.BooleanSupplier action) {
        after(
                periodNanos,
                () -> {
                    if (action.getAsBoolean()) {
                        every(periodNanos, action);
                    }
                });
    }

    /**
     * Lets the next event happen, if it is not later than {@code limitNanos}; otherwise only time
     * passes.
     */
    public boolean step(long limitNanos) {
        Event next = events.peek();
        if (next == null || next.at() > limitNanos) {
            nowNanos = Math.max(nowNanos, limitNanos);
            return false;
        }
        events.poll();
        nowNanos = next.at();
        happened++;
        next.action().run();
        return true;
    }
}
