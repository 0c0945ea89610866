package io.ackgate.client.cli;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ackgate.client.ProducerRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Turns lines into records: the line is the value as it stands, the key comes from a rule. */
final class LineRecords implements RecordSource {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LineReader lines;
    private final String topic;
    private final KeyRule keys;
    private final byte @Nullable [] nullValue;

    /** Where a record's key comes from. */
    sealed interface KeyRule {
        /** There is none. */
        record None() implements KeyRule {}

        /** All records have the same. */
        record Fixed(String key) implements KeyRule {}

        /** Each line is a JSON document, and the key stands in it. */
        record At(JsonPointer pointer) implements KeyRule {}
    }

    /**
     * @param nullValue a line that is this has no value; null if there is no such line
     */
    LineRecords(LineReader lines, String topic, KeyRule keys, @Nullable String nullValue) {
        this.lines = lines;
        this.topic = topic;
        this.keys = keys;
        this.nullValue = nullValue == null ? null : nullValue.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public @Nullable ProducerRecord next() {
        byte[] line = lines.next();
        if (line == null) {
            return null;
        }
        byte[] value = nullValue != null && Arrays.equals(line, nullValue) ? null : line;
        return ProducerRecord.of(topic, key(line), value);
    }

    private byte @Nullable [] key(byte[] line) {
        String key =
                switch (keys) {
                    case KeyRule.None() -> null;
                    case KeyRule.Fixed(String fixed) -> fixed;
                    case KeyRule.At(JsonPointer pointer) -> keyAt(pointer, line);
                };
        return key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    }

    private @Nullable String keyAt(JsonPointer pointer, byte[] line) {
        JsonNode document;
        try {
            document = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new CommandFailure(
                    "line %d is not JSON: %s".formatted(lines.number(), e.getOriginalMessage()));
        } catch (IOException e) {
            throw new CommandFailure("line %d is not JSON: %s".formatted(lines.number(), e));
        }
        JsonNode key = document.at(pointer);
        if (key.isMissingNode() || key.isNull()) {
            return null;
        }
        return key.isValueNode() ? key.asText() : key.toString();
    }
}
