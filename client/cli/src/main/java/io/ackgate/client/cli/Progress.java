package io.ackgate.client.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One line that is written over again and again, for people who watch a terminal; silent elsewhere.
 */
final class Progress {
    private static final long INTERVAL_NANOS = 200_000_000L;
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean isWatched;
    private final long startedNanos = System.nanoTime();
    private long nextAtNanos = startedNanos + INTERVAL_NANOS;
    private boolean isShown;

    Progress(PrintWriter err) {
        this.err = err;
        this.isWatched = isTerminal(System.console());
    }

    /** Newer JDKs give a console even where there is no terminal. */
    private static boolean isTerminal(@Nullable Console console) {
        return console != null && console.isTerminal();
    }

    /** Shows the text, unless something was shown a moment ago. */
    void show(Supplier<String> text) {
        if (!isWatched || System.nanoTime() - nextAtNanos < 0) {
            return;
        }
        nextAtNanos = System.nanoTime() + INTERVAL_NANOS;
        isShown = true;
        err.print(CLEAR_LINE + text.get());
        err.flush();
    }

    /** Shows the text with what is done per second, and how long the rest takes if it is known. */
    void show(long done, long ofTotal, long records, Supplier<String> text) {
        show(
                () ->
                        text.get()
                                + pace(
                                        done,
                                        ofTotal,
                                        records,
                                        (System.nanoTime() - startedNanos) / 1e9));
    }

    /**
     * The pace of work in words.
     *
     * @param done how much of {@code ofTotal} is done, in any unit
     * @param ofTotal 0 where the end is not known
     */
    static String pace(long done, long ofTotal, long records, double seconds) {
        String perSecond = String.format(Locale.ROOT, ", %,d/s", Math.round(records / seconds));
        if (ofTotal <= 0 || done <= 0) {
            return perSecond;
        }
        double left = Math.max(0, ofTotal - done) * seconds / done;
        return perSecond
                + String.format(
                        Locale.ROOT,
                        ", %d %%, %d:%02d left",
                        Math.min(100, done * 100 / ofTotal),
                        (long) left / 60,
                        (long) left % 60);
    }

    /** Makes room for what is to stay. */
    void clear() {
        if (isShown) {
            err.print(CLEAR_LINE);
            err.flush();
        }
    }
}
