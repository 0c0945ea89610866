package io.ackgate.gateway.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.ackgate.gateway.consume.Targets;
import io.ackgate.v1.Header;
import io.ackgate.v1.Record;
import org.jspecify.annotations.Nullable;

/** Records between JSON and what producers write. */
final class JsonRecords {
    private JsonRecords() {}

    /** The record that a piece of JSON means; throws what is wrong with it. */
    static Record toRecord(JsonRecord json, int index) {
        Record.Builder record = Record.newBuilder();
        ByteString key = bytes(json.key(), json.keyBase64(), "[" + index + "].key");
        if (key != null) {
            record.setKey(key);
        }
        ByteString value = bytes(json.value(), json.valueBase64(), "[" + index + "].value");
        if (value != null) {
            record.setValue(value);
        }
        if (json.headers() != null) {
            json.headers()
                    .forEach(
                            (name, text) -> {
                                Header.Builder header = Header.newBuilder().setKey(name);
                                if (text != null) {
                                    header.setValue(ByteString.copyFromUtf8(text));
                                }
                                record.addHeaders(header);
                            });
        }
        if (json.timestampMs() != null) {
            record.setTimestampMs(json.timestampMs());
        }
        return record.build();
    }

    private static @Nullable ByteString bytes(
            @Nullable JsonNode text, byte @Nullable [] base64, String field) {
        boolean none = text == null || text.isNull();
        if (base64 != null) {
            if (!none) {
                throw Targets.invalid(field, field + " is given as text and as base64");
            }
            return ByteString.copyFrom(base64);
        }
        if (text == null || text.isNull()) {
            return null;
        }
        return ByteString.copyFromUtf8(text.isTextual() ? text.textValue() : text.toString());
    }
}
