package io.ackgate.process.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.time.Instant;
import java.util.logging.Level;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
    private static ExtLogRecord line(String message) {
        ExtLogRecord line = new ExtLogRecord(Level.WARNING, message, "test");
        line.setLoggerName("io.ackgate.some.Place");
        line.setThreadName("a thread");
        line.setInstant(Instant.parse("2026-01-02T03:04:05.678Z"));
        return line;
    }

    /** Of one line: there is no line break but the one at its end. */
    private static JsonObject written(ExtLogRecord line) {
        String text = new JsonLines().format(line);
        assertEquals(text.length() - 1, text.indexOf('\n'), text);
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    @Test
    void a_line_has_its_parts_by_name() {
        JsonObject json = written(line("orders-3: is offline"));
        assertEquals("2026-01-02T03:04:05.678Z", json.getString("timestamp"));
        assertEquals("WARNING", json.getString("level"));
        assertEquals("io.ackgate.some.Place", json.getString("logger"));
        assertEquals("a thread", json.getString("thread"));
        assertEquals("orders-3: is offline", json.getString("message"));
        assertFalse(json.containsKey("stackTrace"));
    }

    @Test
    void nothing_in_a_message_breaks_the_line() {
        String message = "two\nlines, \"quoted\", \t\u0000 and \\";
        assertEquals(message, written(line(message)).getString("message"));
    }

    @Test
    void parameters_are_put_in() {
        ExtLogRecord line =
                new ExtLogRecord(
                        Level.INFO, "{0} of {1}", ExtLogRecord.FormatStyle.MESSAGE_FORMAT, "test");
        line.setParameters(new Object[] {"one", "two"});
        assertEquals("one of two", written(line).getString("message"));
    }

    @Test
    void an_exception_is_in_the_line_with_its_causes() {
        ExtLogRecord line = line("it failed");
        line.setThrown(new IllegalStateException("outer", new RuntimeException("inner\nmost")));
        String trace = written(line).getString("stackTrace");
        assertTrue(trace.startsWith("java.lang.IllegalStateException: outer\n\tat "), trace);
        assertTrue(trace.contains("Caused by: java.lang.RuntimeException: inner\nmost"), trace);
    }
}
