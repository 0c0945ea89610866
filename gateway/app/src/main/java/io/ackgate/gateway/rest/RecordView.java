package io.ackgate.gateway.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.util.RawValue;
import com.google.protobuf.ByteString;
import io.ackgate.v1.ConsumerRecord;
import io.ackgate.v1.Header;
import java.io.IOException;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A record that was read. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(
        name = "Record",
        description =
                "Key and value are JSON where they are a JSON object or array, else text where they"
                        + " are UTF-8, else bytes in base64; neither if null")
record RecordView(
        @Schema(examples = "42") long offset,
        @Schema(description = "Milliseconds since 1970") long timestampMs,
        @Schema(type = SchemaType.STRING) @Nullable Object key,
        byte @Nullable [] keyBase64,
        @Schema(type = SchemaType.OBJECT) @Nullable Object value,
        byte @Nullable [] valueBase64,
        @Nullable List<HeaderView> headers) {

    private static final JsonFactory JSON = new JsonFactory();

    /** A header of a record. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "Header")
    record HeaderView(String key, @Nullable String value, byte @Nullable [] valueBase64) {
        static HeaderView of(Header header) {
            boolean text = header.getValue().isValidUtf8();
            return new HeaderView(
                    header.getKey(),
                    header.hasValue() && text ? header.getValue().toStringUtf8() : null,
                    header.hasValue() && !text ? header.getValue().toByteArray() : null);
        }
    }

    static RecordView of(ConsumerRecord record) {
        return new RecordView(
                record.getOffset(),
                record.getTimestampMs(),
                record.hasKey() ? shown(record.getKey()) : null,
                record.hasKey() ? base64(record.getKey()) : null,
                record.hasValue() ? shown(record.getValue()) : null,
                record.hasValue() ? base64(record.getValue()) : null,
                record.getHeadersCount() == 0
                        ? null
                        : record.getHeadersList().stream().map(HeaderView::of).toList());
    }

    private static byte @Nullable [] base64(ByteString bytes) {
        return bytes.isValidUtf8() ? null : bytes.toByteArray();
    }

    /** JSON as it was written if it is one whole object or list, else text; null if not UTF-8. */
    private static @Nullable Object shown(ByteString bytes) {
        if (!bytes.isValidUtf8()) {
            return null;
        }
        String text = bytes.toStringUtf8();
        boolean structure = text.startsWith("{") || text.startsWith("[");
        return structure && isOneJsonValue(text) ? new RawValue(text) : text;
    }

    private static boolean isOneJsonValue(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException plainText) {
            return false;
        }
    }
}
