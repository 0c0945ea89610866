package io.ackgate.gateway.processes;

import static io.ackgate.gateway.Calls.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With {@code ackgate.log.format=json} every line that a process prints is a JSON object. */
@Timeout(120)
class JsonLogIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path data;

    /** All lines, of which none is anything else; the first line names the process. */
    private static List<JsonNode> lines(AckgateProcess process) {
        List<JsonNode> lines = process.log().lines().skip(1).map(JsonLogIT::parsed).toList();
        assertFalse(lines.isEmpty());
        for (JsonNode line : lines) {
            for (String part : List.of("timestamp", "level", "logger", "thread", "message")) {
                assertTrue(line.path(part).isTextual(), () -> part + " of " + line);
            }
        }
        return lines;
    }

    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException noJson) {
            throw new UncheckedIOException("a line is no JSON: " + line, noJson);
        }
    }

    private static boolean says(List<JsonNode> lines, String part, String words) {
        return lines.stream().anyMatch(line -> line.path(part).asText().contains(words));
    }

    @Test
    void a_gateway_writes_json_from_its_first_line_to_its_last() {
        try (AckgateProcess process = AckgateProcess.gateway(data, 0, "ackgate.log.format=json")) {
            process.port();
            process.terminate();
            process.awaitEnd();
            List<JsonNode> lines = lines(process);
            assertTrue(says(lines, "message", "Listening on"), process::log);
            assertTrue(says(lines, "message", "stopped in"), process::log);
        }
    }

    @Test
    void an_exception_is_in_the_line_that_it_belongs_to() {
        try (AckgateProcess first = AckgateProcess.gateway(data, 0);
                AckgateProcess second =
                        AckgateProcess.gateway(
                                first.listens() ? data : Path.of("/"),
                                0,
                                "ackgate.log.format=json")) {
            assertEquals(1, second.awaitEnd(), second::log);
            assertTrue(says(lines(second), "stackTrace", "is in use by process"), second::log);
        }
    }

    @Test
    void a_storage_node_writes_json_from_its_first_line_to_its_last() {
        Map<String, String> environment = Map.of("ACKGATE_LOG_FORMAT", "json");
        try (AckgateProcess process =
                AckgateProcess.storageNode(1, data, 0, "256m", List.of(), environment)) {
            process.port();
            await(() -> process.log().contains("started in"));
            process.terminate();
            process.awaitEnd();
            List<JsonNode> lines = lines(process);
            assertTrue(says(lines, "message", "listens on"), process::log);
            assertTrue(says(lines, "message", "stopped in good order"), process::log);
        }
    }

    @Test
    void another_format_is_refused() {
        try (AckgateProcess process =
                AckgateProcess.storageNode(
                        1, data, 0, "256m", List.of("ackgate.log.format=xml"), Map.of())) {
            assertFalse(process.listens());
            assertEquals(1, process.awaitEnd());
            assertTrue(process.log().contains("Cannot convert xml to enum"), process::log);
        }
    }
}
