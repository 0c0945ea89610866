package io.ackgate.client.cli;

import java.io.Console;
import java.io.PrintWriter;
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
    private long nextAtNanos = System.nanoTime() + INTERVAL_NANOS;
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

    /** Makes room for what is to stay. */
    void clear() {
        if (isShown) {
            err.print(CLEAR_LINE);
            err.flush();
        }
    }
}
