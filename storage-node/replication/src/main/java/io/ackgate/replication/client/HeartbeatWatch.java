package io.ackgate.replication.client;

/**
 * Decides when a node that keeps its connection open has to be taken for dead.
 *
 * <p>Anything that arrives is a sign of life. A tick that comes late says that this process stood
 * still, and then what the node may have sent meanwhile is given time to be read.
 */
final class HeartbeatWatch {
    /** What to do now. */
    sealed interface Verdict {
        /** Send a ping with this number. */
        record Ping(long number) implements Verdict {}

        /** Nothing: the node owes no answer, or not for long. */
        record Wait() implements Verdict {}

        /** The node has owed a sign of life for too long. */
        record Silent(long silentNanos) implements Verdict {}
    }

    private final long intervalNanos;
    private final long silenceNanos;

    private boolean ticked;
    private long lastTickNanos;
    private long pingSentNanos;
    private long pings;
    private boolean owed;

    /**
     * Nothing is owed yet.
     *
     * @param intervalNanos time between ticks
     * @param silenceNanos how long a sign of life may be owed
     */
    HeartbeatWatch(long intervalNanos, long silenceNanos) {
        this.intervalNanos = intervalNanos;
        this.silenceNanos = silenceNanos;
    }

    /** Time passes; every interval, or later. */
    synchronized Verdict tick(long nowNanos) {
        boolean stoodStill = ticked && nowNanos - lastTickNanos > 2 * intervalNanos;
        ticked = true;
        lastTickNanos = nowNanos;
        if (owed && stoodStill) {
            pingSentNanos = nowNanos;
        }
        if (!owed) {
            owed = true;
            pingSentNanos = nowNanos;
            return new Verdict.Ping(++pings);
        }
        long silentNanos = nowNanos - pingSentNanos;
        return silentNanos > silenceNanos ? new Verdict.Silent(silentNanos) : new Verdict.Wait();
    }

    /**
     * Something arrived.
     *
     * @param pong number of the ping it answers, 0 if it is something else
     */
    synchronized void heard(long nowNanos, long pong) {
        if (pong == pings) {
            owed = false;
        } else {
            pingSentNanos = nowNanos;
        }
    }
}
