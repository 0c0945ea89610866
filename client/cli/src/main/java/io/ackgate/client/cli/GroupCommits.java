package io.ackgate.client.cli;

import io.ackgate.client.AckgateConsumer;
import io.ackgate.client.RecordStream;
import io.ackgate.client.RequestException;
import java.io.PrintWriter;
import java.util.Map;

/**
 * Keeps how far a group has come while its records are printed. A commit that fails and may succeed
 * later does not end the reading: the next one holds everything that it held.
 */
final class GroupCommits {
    private static final long INTERVAL_NANOS = 1_000_000_000L;

    private final AckgateConsumer consumer;
    private final String group;
    private final String topic;
    private final PrintWriter err;

    private long dueAtNanos = System.nanoTime() + INTERVAL_NANOS;
    private Map<Integer, Long> committed = Map.of();
    private boolean failing;

    GroupCommits(AckgateConsumer consumer, String group, String topic, PrintWriter err) {
        this.consumer = consumer;
        this.group = group;
        this.topic = topic;
        this.err = err;
    }

    /** Whether the last commit is long enough ago. */
    boolean isDue() {
        return System.nanoTime() - dueAtNanos >= 0;
    }

    /** Commits while more is to come. */
    void now(RecordStream stream) {
        try {
            atEnd(stream);
            failing = false;
        } catch (RequestException e) {
            if (!e.retriable()) {
                throw e;
            }
            if (!failing) {
                failing = true;
                err.println(
                        "ackgate: group '%s' is not committed for now: %s: %s"
                                .formatted(group, e.code(), e.getMessage()));
            }
        }
        dueAtNanos = System.nanoTime() + INTERVAL_NANOS;
    }

    /**
     * Commits for the last time.
     *
     * @throws RequestException if the group could not be committed
     */
    void atEnd(RecordStream stream) {
        Map<Integer, Long> positions = stream.positions();
        if (!positions.equals(committed)) {
            consumer.commit(group, topic, positions);
            committed = positions;
        }
    }
}
