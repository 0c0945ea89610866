package io.ackgate.storage.runtime;

import java.util.function.IntConsumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process at once when it has run out of memory, whichever thread has met it: a process
 * that lacks what one of its threads was about to do serves nothing and looks healthy. Whoever
 * starts it starts it anew.
 *
 * <p>The JVM does the same by itself with {@code -XX:+ExitOnOutOfMemoryError}, and sooner; this one
 * is there for processes that were started without, and for errors that libraries throw for memory
 * outside the heap. Event loops, executors and reactive pipelines catch every error and log it: the
 * log is where all of them pass.
 */
public final class OutOfMemoryExit extends Handler {
    /** What the JVM ends with on {@code -XX:+ExitOnOutOfMemoryError}. */
    public static final int STATUS = 3;

    /** Bounds the walk along causes, which may form a circle. */
    private static final int MOST_CAUSES = 16;

    private final IntConsumer exit;

    OutOfMemoryExit(IntConsumer exit) {
        this.exit = exit;
    }

    /** Watches everything that is logged, and every thread that ends by an error. */
    public static void install() {
        // No hook runs, and nothing is written any more: what that would take is not there.
        OutOfMemoryExit watch = new OutOfMemoryExit(Runtime.getRuntime()::halt);
        Logger.getLogger("").addHandler(watch);
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, thrown) -> {
                    watch.look(thrown);
                    if (before != null) {
                        before.uncaughtException(thread, thrown);
                    } else {
                        thrown.printStackTrace();
                    }
                });
    }

    @Override
    public void publish(LogRecord record) {
        look(record.getThrown());
    }

    private void look(@Nullable Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            if (cause instanceof OutOfMemoryError) {
                try {
                    System.err.println("out of memory: the process ends, start it anew: " + cause);
                } finally {
                    // Saying so takes memory as well.
                    exit.accept(STATUS);
                }
                return;
            }
            cause = cause.getCause();
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
