package io.ackgate.gateway;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What is logged during a test, by one logger and those below it. */
public final class Logged implements BeforeEachCallback, AfterEachCallback {
    private final Logger logger;
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Handler handler =
            new Handler() {
                @Override
                public void publish(LogRecord line) {
                    records.add(line);
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };

    /** Nothing is logged yet. */
    public Logged(String logger) {
        this.logger = Logger.getLogger(logger);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        logger.addHandler(handler);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        logger.removeHandler(handler);
    }

    /** In the order in which it was logged. */
    public List<LogRecord> records() {
        return records;
    }

    /** Their messages as they were given, without parameters. */
    public List<String> messages() {
        return records.stream().map(LogRecord::getMessage).toList();
    }
}
