package io.ackgate.replication.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Strangers who open streams without end fill no log. */
class StreamLogTest {
    private static final String LEFT_OUT =
            "{0,number,#} lines about streams were left out, since too many came at once";

    /** Kept here, since loggers are forgotten when nobody holds on to them. */
    private static final Logger LOG = Logger.getLogger(ReplicaStream.class.getName());

    private final List<LogRecord> lines = new ArrayList<>();
    private final Handler handler =
            new Handler() {
                @Override
                public void publish(LogRecord line) {
                    lines.add(line);
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };
    private long now = Long.MAX_VALUE - 5;
    private final StreamLog log = new StreamLog(() -> now);

    @BeforeEach
    void listen() {
        LOG.addHandler(handler);
    }

    @AfterEach
    void listen_no_more() {
        LOG.removeHandler(handler);
    }

    private void flood(int lines) {
        for (int i = 0; i < lines; i++) {
            log.log(Level.WARNING, "a stream ended");
        }
    }

    @Test
    void a_flood_is_counted_and_not_written() {
        flood(1_000_000);
        assertEquals(StreamLog.BURST, lines.size());
        now += TimeUnit.SECONDS.toNanos(2);
        flood(1);
        assertEquals(
                List.of(LEFT_OUT, "a stream ended"),
                lines.stream().skip(StreamLog.BURST).map(LogRecord::getMessage).toList());
        assertEquals(999_900L, lines.get(StreamLog.BURST).getParameters()[0]);
        flood(10);
        assertEquals(StreamLog.BURST + 3, lines.size(), "one a second");
    }

    @Test
    void what_comes_slowly_is_all_there() {
        for (int i = 0; i < 500; i++) {
            now += TimeUnit.SECONDS.toNanos(1);
            flood(1);
        }
        assertEquals(500, lines.size());
        now += TimeUnit.DAYS.toNanos(1);
        flood(200);
        assertEquals(500 + StreamLog.BURST, lines.size(), "a quiet day saves no more than that");
    }

    @Test
    void texts_of_others_neither_break_a_line_nor_fill_it() {
        assertEquals("a?b?[2J?", StreamLog.shown("a\nb\u001b[2J\u009b"));
        assertEquals("x".repeat(100) + "...", StreamLog.shown("x".repeat(1 << 20)));
    }
}
