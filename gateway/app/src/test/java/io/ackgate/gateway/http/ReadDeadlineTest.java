package io.ackgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A call whose request is not known cannot be cut off, which an operator has to hear. */
class ReadDeadlineTest {
    private final Logger logger = Logger.getLogger(ReadDeadline.class.getName());
    private final List<LogRecord> logged = new CopyOnWriteArrayList<>();
    private final Handler handler =
            new Handler() {
                @Override
                public void publish(LogRecord line) {
                    logged.add(line);
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
    }

    @AfterEach
    void leave() {
        logger.removeHandler(handler);
    }

    @Test
    void a_call_without_its_request_is_warned_of_once() {
        ReadDeadline.current().run();
        ReadDeadline.current().run();
        assertEquals(1, logged.size());
        assertEquals(Level.WARNING.intValue(), logged.getFirst().getLevel().intValue());
        assertTrue(logged.getFirst().getMessage().contains("cannot be cut off"));
    }
}
