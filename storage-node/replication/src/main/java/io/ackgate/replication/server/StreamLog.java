package io.ackgate.replication.server;

import java.lang.System.Logger.Level;
import java.text.MessageFormat;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Tells of streams that begin and end, at a bounded rate: whoever reaches the port can open as many
 * as he likes, and the log is to stay readable and the disk to stay free. Any thread.
 */
final class StreamLog {
    private static final System.Logger LOG = System.getLogger(ReplicaStream.class.getName());

    /** Lines that may come at once; one more may come each second. */
    static final int BURST = 100;

    private static final long NANOS_PER_LINE = TimeUnit.SECONDS.toNanos(1);
    private static final int SHOWN_CHARACTERS = 100;

    private final LongSupplier nanoTime;

    /** When all of the lines may come at once again; guarded by this. */
    private long filledAtNanos;

    /** Lines that were left out since the last one; guarded by this. */
    private long leftOut;

    StreamLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.filledAtNanos = nanoTime.getAsLong();
    }

    /**
     * Logs a line, unless too many have come before it.
     *
     * @param arguments of {@link MessageFormat}; texts that others gave are {@link #shown}
     */
    void log(Level level, String format, Object... arguments) {
        long before;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            long filled = filledAtNanos - now > 0 ? filledAtNanos : now;
            if (filled + NANOS_PER_LINE - now > BURST * NANOS_PER_LINE) {
                leftOut++;
                return;
            }
            filledAtNanos = filled + NANOS_PER_LINE;
            before = leftOut;
            leftOut = 0;
        }
        if (before > 0) {
            LOG.log(
                    Level.WARNING,
                    "{0,number,#} lines about streams were left out, since too many came at once",
                    before);
        }
        LOG.log(level, format, arguments);
    }

    /** A text of others for a line of the log: at most 100 characters, none of which controls. */
    static String shown(String text) {
        int end = Math.min(text.length(), SHOWN_CHARACTERS);
        StringBuilder shown = new StringBuilder(end + 3);
        for (int i = 0; i < end; i++) {
            char character = text.charAt(i);
            shown.append(Character.isISOControl(character) ? '?' : character);
        }
        return end < text.length() ? shown.append("...").toString() : shown.toString();
    }
}
