package io.ackgate.process.log;

import jakarta.json.Json;
import jakarta.json.stream.JsonGenerator;
import jakarta.json.stream.JsonGeneratorFactory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;

/**
 * A JSON object a line: {@code timestamp} (UTC, ISO 8601), {@code level}, {@code logger}, {@code
 * thread}, {@code message}, and of an exception {@code stackTrace} as text with its line breaks
 * escaped. Any thread.
 *
 * <p>The log manager has such a formatter of its own, which cannot be used: in a packaged process
 * its class loader does not see the JSON library.
 */
public final class JsonLines extends ExtFormatter {
    /** Made once, since it looks for the library. */
    private final JsonGeneratorFactory json = Json.createGeneratorFactory(Map.of());

    @Override
    public String format(ExtLogRecord line) {
        StringWriter out = new StringWriter();
        try (JsonGenerator object = json.createGenerator(out)) {
            object.writeStartObject();
            object.write("timestamp", line.getInstant().toString());
            object.write("level", line.getLevel().getName());
            object.write("logger", String.valueOf(line.getLoggerName()));
            object.write("thread", String.valueOf(line.getThreadName()));
            object.write("message", String.valueOf(formatMessage(line)));
            Throwable thrown = line.getThrown();
            if (thrown != null) {
                object.write("stackTrace", stackTrace(thrown));
            }
            object.writeEnd();
        }
        return out.append('\n').toString();
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return trace.toString().stripTrailing();
    }
}
