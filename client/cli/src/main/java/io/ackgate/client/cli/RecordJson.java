package io.ackgate.client.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ackgate.client.ConsumedRecord;
import io.ackgate.client.ProducerRecord;
import io.ackgate.client.RecordHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A record as a JSON document, both ways: what `consume -o json` prints, `produce --json` takes.
 * Bytes that are no UTF-8 stand in base64 under a name of their own; null is distinct from empty.
 */
final class RecordJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BASE64 = "Base64";

    /** Those of a record that was read which say where it stood are taken and not looked at. */
    private static final Set<String> FIELDS =
            Set.of(
                    "topic",
                    "partition",
                    "offset",
                    "timestamp",
                    "key",
                    "keyBase64",
                    "value",
                    "valueBase64",
                    "headers");

    private RecordJson() {}

    /** One line of UTF-8, without its end. */
    static byte[] write(ConsumedRecord record) {
        ObjectNode json =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("partition", record.partition())
                        .put("offset", record.offset())
                        .put("timestamp", record.timestampMillis());
        put(json, "key", record.key());
        put(json, "value", record.value());
        if (!record.headers().isEmpty()) {
            ArrayNode headers = json.putArray("headers");
            for (RecordHeader header : record.headers()) {
                put(headers.addObject().put("name", header.key()), "value", header.value());
            }
        }
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void put(ObjectNode json, String name, byte @Nullable [] bytes) {
        if (bytes == null) {
            json.putNull(name);
            return;
        }
        try {
            json.put(
                    name,
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            json.put(name + BASE64, Base64.getEncoder().encodeToString(bytes));
        }
    }

    /**
     * The record that a document stands for, in a topic; its key says in which partition.
     *
     * @param keepPartition whether it goes to the partition that the document names instead
     * @throws IllegalArgumentException if it stands for none; says why
     */
    static ProducerRecord read(byte[] document, String topic, boolean keepPartition) {
        JsonNode json;
        try {
            json = JSON.readTree(document);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("is not JSON: " + e, e);
        }
        if (json == null || !json.isObject()) {
            throw new IllegalArgumentException("is no JSON object");
        }
        json.fieldNames()
                .forEachRemaining(
                        name -> {
                            if (!FIELDS.contains(name)) {
                                throw new IllegalArgumentException(
                                        "has a field '%s', which no record has".formatted(name));
                            }
                        });
        JsonNode timestamp = json.path("timestamp");
        if (!timestamp.isMissingNode() && !timestamp.isNull() && !timestamp.isIntegralNumber()) {
            throw new IllegalArgumentException(
                    "has the timestamp %s: whole milliseconds are taken".formatted(timestamp));
        }
        return new ProducerRecord(
                topic,
                keepPartition ? partition(json.path("partition")) : null,
                timestamp.isIntegralNumber() ? timestamp.asLong() : null,
                bytes(json, "key"),
                bytes(json, "value"),
                headers(json.path("headers")));
    }

    private static int partition(JsonNode given) {
        if (!given.isInt() || given.intValue() < 0) {
            throw new IllegalArgumentException(
                    "has no partition that could be kept: "
                            + (given.isMissingNode() ? "none" : given));
        }
        return given.intValue();
    }

    private static List<RecordHeader> headers(JsonNode given) {
        if (!given.isMissingNode() && !given.isArray()) {
            throw new IllegalArgumentException("has headers that are no list");
        }
        List<RecordHeader> headers = new ArrayList<>();
        for (JsonNode header : given) {
            if (!header.path("name").isTextual()) {
                throw new IllegalArgumentException("has a header without a name");
            }
            headers.add(new RecordHeader(header.path("name").asText(), bytes(header, "value")));
        }
        return headers;
    }

    private static byte @Nullable [] bytes(JsonNode json, String name) {
        JsonNode text = json.path(name);
        JsonNode base64 = json.path(name + BASE64);
        if (base64.isTextual()) {
            if (!text.isMissingNode() && !text.isNull()) {
                throw new IllegalArgumentException(
                        "has both %s and %s".formatted(name, name + BASE64));
            }
            try {
                return Base64.getDecoder().decode(base64.asText());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "has a %s that is not base64: %s".formatted(name + BASE64, e.getMessage()),
                        e);
            }
        }
        if (text.isMissingNode() || text.isNull()) {
            return null;
        }
        if (!text.isTextual()) {
            throw new IllegalArgumentException(
                    "has a %s that is neither a text nor null: %s".formatted(name, text));
        }
        return text.asText().getBytes(StandardCharsets.UTF_8);
    }
}
