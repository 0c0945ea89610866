package io.ackgate.storage.engine;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Since when something cannot be done with some logs that says nothing of their bytes, and that
 * others' appends may come to wait for. A log is given up for it only when it has lasted for ten
 * seconds: it costs the replica its place among those in sync.
 */
final class LastingFailures {
    private static final long MIN_NANOS = 10_000_000_000L;

    /** Monotonic time of the engine's ticks, by serials of logs. */
    private final Map<Long, Long> sinceNanos = new HashMap<>();

    /** Whether the last try with the log failed as well. */
    boolean under(long serial) {
        return sinceNanos.containsKey(serial);
    }

    /**
     * A try with the log has failed.
     *
     * @param nowNanos of the last tick; null before the first one
     * @return whether all tries have failed for long enough
     */
    boolean failed(long serial, @Nullable Long nowNanos) {
        if (nowNanos == null) {
            return false;
        }
        Long since = sinceNanos.putIfAbsent(serial, nowNanos);
        return since != null && nowNanos - since >= MIN_NANOS;
    }

    /** A try with the log has succeeded. */
    void ended(long serial) {
        sinceNanos.remove(serial);
    }

    /** Nothing is tried with other logs any more. */
    void keepOnly(Collection<Long> serials) {
        sinceNanos.keySet().retainAll(serials);
    }
}
