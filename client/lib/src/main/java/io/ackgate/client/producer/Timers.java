package io.ackgate.client.producer;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.TreeSet;

/**
 * What the sender has to do by itself, by time: tasks, and lanes to look after. Times are
 * nanoseconds since the producer started. Confined to the sender's loop.
 */
final class Timers {
    private final PriorityQueue<Timer> tasks =
            new PriorityQueue<>(
                    Comparator.comparingLong(Timer::atNanos).thenComparingLong(Timer::number));

    /** Each lane at most once. */
    private final TreeSet<PartitionLane> lanes =
            new TreeSet<>(
                    Comparator.<PartitionLane>comparingLong(lane -> lane.timerAtNanos)
                            .thenComparing(lane -> lane.partition().topic())
                            .thenComparingInt(lane -> lane.partition().partition()));

    private long nextNumber;

    private record Timer(long atNanos, long number, Runnable task) {}

    /** Runs the task at that time. */
    void set(long atNanos, Runnable task) {
        tasks.add(new Timer(atNanos, nextNumber++, task));
    }

    /** Touches the lane at that time, or earlier if it is to be touched earlier anyway. */
    void set(long atNanos, PartitionLane lane) {
        if (atNanos < lane.timerAtNanos) {
            lanes.remove(lane);
            lane.timerAtNanos = atNanos;
            lanes.add(lane);
        }
    }

    /** Does what is due, and says whether anything was. */
    boolean run(long nowNanos) {
        boolean worked = false;
        while (!tasks.isEmpty() && tasks.peek().atNanos <= nowNanos) {
            worked = true;
            tasks.remove().task.run();
        }
        while (!lanes.isEmpty() && lanes.first().timerAtNanos <= nowNanos) {
            worked = true;
            PartitionLane lane = lanes.removeFirst();
            lane.timerAtNanos = PartitionLane.NEVER;
            lane.touch();
        }
        return worked;
    }

    /** When the next is due; {@link PartitionLane#NEVER} if there is none. */
    long nextAtNanos() {
        long at = tasks.isEmpty() ? PartitionLane.NEVER : tasks.peek().atNanos;
        return lanes.isEmpty() ? at : Math.min(at, lanes.first().timerAtNanos);
    }
}
