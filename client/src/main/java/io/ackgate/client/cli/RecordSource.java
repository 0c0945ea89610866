package io.ackgate.client.cli;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ackgate.client.ProducerRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Turns lines into records: the line is the value as it stands, the key comes from a rule. */
final class RecordSource {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BufferedReader lines;
    private final String topic;
    private final KeyRule keys;
    private final @Nullable Integer partition;
    private long lineNumber;

    /** Where a record's key comes from. */
    sealed interface KeyRule {
        /** There is none. */
        record None() implements KeyRule {}

        /** All records have the same. */
        record Fixed(String key) implements KeyRule {}

        /** Each line is a JSON document, and the key stands in it. */
        record At(JsonPointer pointer) implements KeyRule {}
    }

    RecordSource(BufferedReader lines, String topic, KeyRule keys, @Nullable Integer partition) {
        this.lines = lines;
        this.topic = topic;
        this.keys = keys;
        this.partition = partition;
    }

    /** The next record; null behind the last line. */
    @Nullable ProducerRecord next() throws IOException {
        String line = lines.readLine();
        if (line == null) {
            return null;
        }
        lineNumber++;
        ProducerRecord record =
                ProducerRecord.of(topic, key(line), line.getBytes(StandardCharsets.UTF_8));
        return partition == null ? record : record.toPartition(partition);
    }

    private byte @Nullable [] key(String line) {
        String key =
                switch (keys) {
                    case KeyRule.None() -> null;
                    case KeyRule.Fixed(String fixed) -> fixed;
                    case KeyRule.At(JsonPointer pointer) -> keyAt(pointer, line);
                };
        return key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    }

    private @Nullable String keyAt(JsonPointer pointer, String line) {
        JsonNode document;
        try {
            document = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new CommandFailure(
                    "line %d is not JSON: %s".formatted(lineNumber, e.getOriginalMessage()));
        }
        JsonNode key = document.at(pointer);
        if (key.isMissingNode() || key.isNull()) {
            return null;
        }
        return key.isValueNode() ? key.asText() : key.toString();
    }
}
