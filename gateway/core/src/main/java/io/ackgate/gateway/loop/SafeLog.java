package io.ackgate.gateway.loop;

import org.jspecify.annotations.Nullable;

/**
 * A log for those who tell of what went wrong and have to go on: where it cannot be written, they
 * do so without it. Any thread.
 */
public final class SafeLog {
    private final System.Logger log;

    /** The log of that name. */
    public SafeLog(String name) {
        log = System.getLogger(name);
    }

    /** Writes a sentence, and what caused it if anything did; throws nothing. */
    public void log(System.Logger.Level level, String sentence, @Nullable Throwable cause) {
        try {
            log.log(level, sentence, cause);
        } catch (RuntimeException | Error lost) {
            // Nobody else can be told of it.
            return;
        }
    }
}
