package io.ackgate.storage.node;

import io.ackgate.process.log.ConsoleFormat;
import io.ackgate.process.log.LogFormat;
import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Lets every line pass and has it written as {@code ackgate.log.format} says; see {@link
 * ConsoleFormat}. Quarkus makes it, as {@code quarkus.log.console.filter} names it.
 */
@LoggingFilter(name = "ackgate-log-format")
public final class LogFormatFilter implements Filter {
    private final ConsoleFormat console =
            new ConsoleFormat(
                    ConfigProvider.getConfig()
                            .getOptionalValue(LogFormat.SETTING, String.class)
                            // What is no format is refused when all settings are looked at.
                            .flatMap(LogFormat::of)
                            .orElse(LogFormat.TEXT));

    @Override
    public boolean isLoggable(LogRecord line) {
        console.before(line);
        return true;
    }
}
