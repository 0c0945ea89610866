package io.ackgate.gateway.process;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The time that age is judged by: never ahead of what has passed since this process started, so
 * that a clock which somebody sets forward makes nothing old before its time. Any thread.
 */
final class SteadyClock {
    private final LongSupplier wallMillis;
    private final LongSupplier nanos;
    private final long startMillis;
    private final long startNanos;

    SteadyClock(LongSupplier wallMillis, LongSupplier nanos) {
        this.wallMillis = wallMillis;
        this.nanos = nanos;
        this.startMillis = wallMillis.getAsLong();
        this.startNanos = nanos.getAsLong();
    }

    /** Milliseconds since 1970. */
    long millis() {
        long passed = TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - startNanos);
        return Math.min(wallMillis.getAsLong(), startMillis + passed);
    }
}
