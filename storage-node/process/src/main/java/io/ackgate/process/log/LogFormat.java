package io.ackgate.process.log;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How lines of the log are written. */
public enum LogFormat {
    /** For people, as {@code quarkus.log.console.format} says. */
    TEXT,
    /** A JSON object a line; see {@link JsonLines}. */
    JSON;

    /** The setting of both processes. */
    public static final String SETTING = "ackgate.log.format";

    /** The one that is written like this, in any case; empty if there is none. */
    public static Optional<LogFormat> of(String text) {
        return Arrays.stream(values())
                .filter(format -> format.name().equalsIgnoreCase(text.strip()))
                .findFirst();
    }

    /** What a value must be, for a message about one that is not. */
    public static String allowed() {
        return Arrays.stream(values())
                .map(format -> format.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" or "));
    }
}
