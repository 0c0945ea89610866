package io.ackgate.process.log;

import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.handlers.ConsoleHandler;

/**
 * Has the console written in a format from the first line on. Quarkus takes a formatter from its
 * extensions only, but asks a filter about each line before it is formatted: each process has one
 * that lets all lines pass and calls {@link #before}.
 */
public final class ConsoleFormat {
    private final LogFormat format;

    /** Whether the handlers have been looked for; a second look would do no harm. */
    private volatile boolean set;

    public ConsoleFormat(LogFormat format) {
        this.format = format;
    }

    /** A line is about to be written. Any thread. */
    public void before(LogRecord line) {
        if (!set) {
            set = true;
            if (format == LogFormat.JSON) {
                use(new JsonLines(), LogContext.getLogContext().getLogger("").getHandlers());
            }
        }
    }

    private static void use(Formatter formatter, Handler[] handlers) {
        for (Handler handler : handlers) {
            if (handler instanceof ConsoleHandler) {
                handler.setFormatter(formatter);
            } else if (handler instanceof ExtHandler outer) {
                // Quarkus keeps them within a handler that has waited for them.
                use(formatter, outer.getHandlers());
            }
        }
    }
}
