package io.ackgate.gateway.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.util.RawValue;
import io.ackgate.gateway.consume.RecordMaker;
import io.ackgate.record.RecordBatchReader;
import io.ackgate.record.RecordHeaderCursor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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

    /** What a record takes beside its key, value and headers. */
    private static final int OVERHEAD_BYTES = 16;

    private static final JsonFactory JSON = new JsonFactory();

    /** A header of a record. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "Header")
    record HeaderView(String key, @Nullable String value, byte @Nullable [] valueBase64) {
        static HeaderView of(RecordHeaderCursor header) {
            ByteBuffer value = header.value();
            String text = text(value);
            return new HeaderView(header.keyText(), text, text == null ? bytes(value) : null);
        }
    }

    /** Makes the view of a record. */
    static final RecordMaker<RecordView> RECORDS =
            new RecordMaker<>() {
                @Override
                public RecordView make(RecordBatchReader at) {
                    return of(at);
                }

                @Override
                public int bytes(RecordBatchReader at, RecordView made) {
                    int bytes = OVERHEAD_BYTES;
                    bytes += Math.max(0, at.keyLength()) + Math.max(0, at.valueLength());
                    RecordHeaderCursor headers = at.headers();
                    while (headers.next()) {
                        ByteBuffer value = headers.value();
                        bytes += headers.keyText().length();
                        bytes += value == null ? 0 : value.remaining();
                    }
                    return bytes;
                }
            };

    private static RecordView of(RecordBatchReader at) {
        ByteBuffer key = at.key();
        ByteBuffer value = at.value();
        String keyText = text(key);
        String valueText = text(value);
        return new RecordView(
                at.offset(),
                at.timestampMillis(),
                keyText == null ? null : shown(keyText),
                keyText == null ? bytes(key) : null,
                valueText == null ? null : shown(valueText),
                valueText == null ? bytes(value) : null,
                at.headersCount() == 0 ? null : headers(at.headers()));
    }

    private static List<HeaderView> headers(RecordHeaderCursor cursor) {
        List<HeaderView> headers = new ArrayList<>();
        while (cursor.next()) {
            headers.add(HeaderView.of(cursor));
        }
        return headers;
    }

    /** Text that is UTF-8; null if it is not, or if there is none. */
    private static @Nullable String text(@Nullable ByteBuffer bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
        } catch (CharacterCodingException notText) {
            return null;
        }
    }

    private static byte @Nullable [] bytes(@Nullable ByteBuffer given) {
        if (given == null) {
            return null;
        }
        byte[] bytes = new byte[given.remaining()];
        given.get(given.position(), bytes);
        return bytes;
    }

    /** JSON as it was written if it is one whole object or list, else text. */
    private static Object shown(String text) {
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
