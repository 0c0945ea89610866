package io.ackgate.client.consumer;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Spreads the streams of a reader over connections. A gateway takes so many streams a connection,
 * 100 as HTTP/2 advises; those beyond wait in silence until another ends, which these never do.
 * Confined to the reader's thread.
 */
final class StreamSpread {
    /** Half of what gateways take leaves room for another reader of the same client. */
    private static final int USUAL = 50;

    /** Connection 0 is for calls that are answered: no stream may keep them back. */
    private static final int FIRST_CONNECTION = 1;

    /** How long a stream may wait until it is taken for kept back, and how often that is asked. */
    private static final long PATIENCE_NANOS = 3_000_000_000L;

    private int perConnection = USUAL;
    private int nextConnection = FIRST_CONNECTION;
    private long askedAtNanos = System.nanoTime();

    /** Which connection the stream takes that is opened as the one of this number, from 0. */
    int connectionOf(int index) {
        int connection = FIRST_CONNECTION + index / perConnection;
        nextConnection = Math.max(nextConnection, connection + 1);
        return connection;
    }

    /** Gives streams that are kept back connections of their own. */
    void relieve(List<PartitionReading> readings, long nowNanos) {
        if (nowNanos - askedAtNanos < PATIENCE_NANOS) {
            return;
        }
        askedAtNanos = nowNanos;
        List<PartitionReading> queued =
                readings.stream().filter(r -> r.isQueued(nowNanos, PATIENCE_NANOS)).toList();
        if (queued.isEmpty()) {
            return;
        }
        perConnection = Math.min(perConnection, startedOnFullest(readings, queued));
        for (int i = 0; i < queued.size(); i++) {
            queued.get(i).moveTo(nextConnection + i / perConnection);
        }
        nextConnection += (queued.size() + perConnection - 1) / perConnection;
    }

    /** What a connection carries that keeps streams back. */
    private static int startedOnFullest(
            List<PartitionReading> readings, List<PartitionReading> queued) {
        Map<Integer, Integer> started = new TreeMap<>();
        queued.forEach(reading -> started.put(reading.connection(), 0));
        readings.stream()
                .filter(PartitionReading::isStarted)
                .forEach(
                        reading -> started.computeIfPresent(reading.connection(), (_, n) -> n + 1));
        return Math.max(1, started.values().stream().mapToInt(n -> n).max().orElse(1));
    }
}
