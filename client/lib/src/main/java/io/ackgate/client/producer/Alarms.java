package io.ackgate.client.producer;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.TreeSet;

/**
 * What the sender has to do by itself, by time: tasks, and lanes to look after. Times are
 * nanoseconds since the producer started. Confined to the sender's loop.
 */
final class Alarms {
    private final PriorityQueue<Alarm> tasks =
            new PriorityQueue<>(
                    Comparator.comparingLong(Alarm::atNanos).thenComparingLong(Alarm::number));

    /** Each lane at most once. */
    private final TreeSet<PartitionLane> lanes =
            new TreeSet<>(
                    Comparator.<PartitionLane>comparingLong(lane -> lane.alarmAtNanos)
                            .thenComparing(lane -> lane.partition().topic())
                            .thenComparingInt(lane -> lane.partition().partition()));

    private long nextNumber;

    private record Alarm(long atNanos, long number, Runnable task) {}

    /** Runs the task at that time. */
    void set(long atNanos, Runnable task) {
        tasks.add(new Alarm(atNanos, nextNumber++, task));
    }

    /** Touches the lane at that time, or earlier if it is to be touched earlier anyway. */
    void set(long atNanos, PartitionLane lane) {
        if (atNanos < lane.alarmAtNanos) {
            lanes.remove(lane);
            lane.alarmAtNanos = atNanos;
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
        while (!lanes.isEmpty() && lanes.first().alarmAtNanos <= nowNanos) {
            worked = true;
            PartitionLane lane = lanes.removeFirst();
            lane.alarmAtNanos = PartitionLane.NEVER;
            lane.touch();
        }
        return worked;
    }

    /** When the next is due; {@link PartitionLane#NEVER} if there is none. */
    long nextAtNanos() {
        long at = tasks.isEmpty() ? PartitionLane.NEVER : tasks.peek().atNanos;
        return lanes.isEmpty() ? at : Math.min(at, lanes.first().alarmAtNanos);
    }
}
