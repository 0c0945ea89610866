package io.ackgate.client;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records of a topic as they are read: in order per partition, each exactly once in this stream,
 * whatever happens to connections and owners meanwhile. For one thread at a time; {@link #close()}
 * may be called from any.
 */
public interface RecordStream extends AutoCloseable {
    /**
     * The next record.
     *
     * @param timeout how long to wait for it
     * @return null if there is none: yet, or ever, as {@link #isOver()} says
     * @throws RequestException if it cannot go on, such as OFFSET_OUT_OF_RANGE after retention
     */
    @Nullable ConsumedRecord next(Duration timeout);

    /** Whether no more records will come: the end was reached, or the stream is closed. */
    boolean isOver();

    /** The offset after the last record given, by partition: what to commit. */
    Map<Integer, Long> positions();

    /** Ends the stream. */
    @Override
    void close();
}
