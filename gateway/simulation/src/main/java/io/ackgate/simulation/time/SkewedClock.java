package io.ackgate.simulation.time;

/** The clocks of one machine: wrong by an offset and fast or slow by a rate. */
public final class SkewedClock {
    private static final long EPOCH_MILLIS = 1_750_000_000_000L;

    private final Timeline timeline;
    private long offsetMillis;
    private final long originNanos;
    private final double rate;

    /**
     * The clocks of a machine.
     *
     * @param offsetMillis how far the wall clock is off
     * @param rate seconds that pass on this machine per second, near 1
     */
    public SkewedClock(Timeline timeline, long offsetMillis, double rate) {
        this.timeline = timeline;
        this.offsetMillis = offsetMillis;
        this.originNanos = offsetMillis * 7_919;
        this.rate = rate;
    }

    /** Monotonic time with an origin of this machine's own, nanoseconds. */
    public long nanos() {
        return originNanos + (long) (timeline.now() * rate);
    }

    /** Sets the wall clock forward, or back if negative. */
    public void jump(long millis) {
        offsetMillis += millis;
    }

    /** Wall clock, milliseconds since 1970. */
    public long millis() {
        return EPOCH_MILLIS + offsetMillis + (long) (timeline.now() * rate) / Timeline.MILLIS;
    }
}
