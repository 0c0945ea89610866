package io.ackgate.gateway.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ackgate.gateway.failure.RequestChecks;
import io.ackgate.gateway.produce.NewRecords.NewHeader;
import io.ackgate.gateway.produce.NewRecords.NewRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Reads records from JSON: one, or a list.
 *
 * <p>A key or a value that is no JSON string is stored as the piece of the body that it was: its
 * numbers, the order of its fields and its white space are those of the caller.
 */
final class JsonRecordsReader {
    /** Records of one request. It is built on an event loop: see {@link RecordsResource}. */
    static final int MAX_RECORDS = 10_000;

    /** Headers of all records of one request. */
    static final int MAX_HEADERS = 10_000;

    private static final JsonFactory JSON = new JsonFactory();
    private static final List<String> FIELDS =
            List.of("key", "keyBase64", "value", "valueBase64", "headers", "timestampMs");
    private static final List<String> HEADER_FIELDS = List.of("key", "value", "valueBase64");

    private final String body;
    private final JsonParser parser;

    /** Where in the body the reader is, for its errors: "[3]" and ".headers" for instance. */
    private String place = "";

    private int headersRead;

    private JsonRecordsReader(String body, JsonParser parser) {
        this.body = body;
        this.parser = parser;
    }

    /**
     * The records of a body.
     *
     * @throws IOException if it is no JSON
     * @throws RuntimeException 400, if it is JSON and not records, or one value and more behind it
     */
    static List<NewRecord> read(String body) throws IOException {
        try (JsonParser parser = JSON.createParser(body)) {
            return new JsonRecordsReader(body, parser).records();
        }
    }

    private List<NewRecord> records() throws IOException {
        List<NewRecord> records = new ArrayList<>();
        JsonToken first = TopicsResource.required(parser.nextToken());
        if (first == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                place = "[" + records.size() + "]";
                if (records.size() == MAX_RECORDS) {
                    throw invalid(
                            "the body holds more than %d records: send them in several requests, or over gRPC"
                                    .formatted(MAX_RECORDS));
                }
                records.add(record());
            }
        } else {
            records.add(record());
        }
        place = "";
        if (parser.nextToken() != null) {
            JsonLocation at = parser.currentTokenLocation();
            throw invalid(
                    "the body holds one JSON value, a record or a list of records; there is more in line %d at column %d"
                            .formatted(at.getLineNr(), at.getColumnNr()));
        }
        return records;
    }

    private NewRecord record() throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw invalid("a record is a JSON object, here is %s".formatted(shown()));
        }
        String record = place;
        @Nullable ByteBuffer key = null;
        @Nullable ByteBuffer value = null;
        List<NewHeader> headers = List.of();
        @Nullable Long timestampMillis = null;
        Set<String> given = new HashSet<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            place = record + (record.isEmpty() ? "" : ".") + field;
            once(given, field, FIELDS);
            parser.nextToken();
            switch (field) {
                case "key" -> key = content();
                case "value" -> value = content();
                case "keyBase64" -> key = base64();
                case "valueBase64" -> value = base64();
                case "headers" -> headers = headers();
                default -> timestampMillis = timestamp();
            }
        }
        place = record;
        notBoth(given, "key", "keyBase64");
        notBoth(given, "value", "valueBase64");
        if (given.isEmpty()) {
            throw invalid(
                    "the record is empty; {\"value\": null} writes one without key and value");
        }
        return new NewRecord(key, value, headers, timestampMillis);
    }

    /** Text as it is, null as none, anything else as the piece of JSON that it is. */
    private @Nullable ByteBuffer content() throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NULL -> null;
            case VALUE_STRING -> utf8(parser.getText());
            default -> {
                int start = (int) parser.currentTokenLocation().getCharOffset();
                if (parser.currentToken().isStructStart()) {
                    parser.skipChildren();
                } else {
                    // A number is looked at when it is asked for, and may be none.
                    parser.finishToken();
                }
                int end = (int) parser.currentLocation().getCharOffset();
                yield utf8(body.substring(start, end));
            }
        };
    }

    private @Nullable ByteBuffer base64() throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NULL -> null;
            case VALUE_STRING -> {
                try {
                    yield ByteBuffer.wrap(Base64.getDecoder().decode(parser.getText()));
                } catch (IllegalArgumentException notBase64) {
                    throw invalid("it is not base64: " + notBase64.getMessage());
                }
            }
            default -> throw invalid("bytes are given as text in base64, not as " + shown());
        };
    }

    /** By name, where a repeated name is a repeated header, or as the list that a page has. */
    private List<NewHeader> headers() throws IOException {
        String headers = place;
        List<NewHeader> made = new ArrayList<>();
        switch (parser.currentToken()) {
            case VALUE_NULL -> {}
            case START_OBJECT -> {
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    place = headers + "." + name;
                    if (parser.nextToken() == JsonToken.START_ARRAY) {
                        while (parser.nextToken() != JsonToken.END_ARRAY) {
                            made.add(header(name, text("a header")));
                        }
                    } else {
                        made.add(header(name, text("a header")));
                    }
                }
            }
            case START_ARRAY -> {
                for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                    place = headers + "[" + i + "]";
                    made.add(listedHeader());
                }
            }
            default ->
                    throw invalid(
                            "headers are an object of texts, or a list of {\"key\", \"value\"} and"
                                    + " {\"key\", \"valueBase64\"}");
        }
        return made;
    }

    private NewHeader listedHeader() throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw invalid("a header in a list is an object with key and value");
        }
        String header = place;
        @Nullable ByteBuffer key = null;
        @Nullable ByteBuffer value = null;
        Set<String> given = new HashSet<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            place = header + "." + field;
            once(given, field, HEADER_FIELDS);
            parser.nextToken();
            switch (field) {
                case "key" -> key = text("a header's key");
                case "value" -> value = text("a header");
                default -> value = base64();
            }
        }
        place = header;
        notBoth(given, "value", "valueBase64");
        if (key == null) {
            throw invalid("the header has no key");
        }
        oneHeaderMore();
        return new NewHeader(key, value);
    }

    private NewHeader header(String name, @Nullable ByteBuffer value) {
        oneHeaderMore();
        return new NewHeader(utf8(name), value);
    }

    private void oneHeaderMore() {
        if (++headersRead > MAX_HEADERS) {
            throw invalid(
                    "the records of the body have more than %d headers: send them in several requests, or over gRPC"
                            .formatted(MAX_HEADERS));
        }
    }

    private @Nullable ByteBuffer text(String what) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NULL -> null;
            case VALUE_STRING -> utf8(parser.getText());
            default -> throw invalid("%s is a text or null, here is %s".formatted(what, shown()));
        };
    }

    private @Nullable Long timestamp() throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NULL -> null;
            case VALUE_NUMBER_INT -> {
                try {
                    yield Long.parseLong(parser.getText());
                } catch (NumberFormatException tooLarge) {
                    throw invalid("it is no 64-bit number of milliseconds: " + parser.getText());
                }
            }
            default ->
                    throw invalid(
                            "a timestamp is a whole number of milliseconds, here is " + shown());
        };
    }

    private ByteBuffer utf8(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (Character.charCount(text.codePointAt(i)) == 1) {
                    throw invalid(
                            "it holds half of a surrogate pair, which has no UTF-8: give bytes as"
                                    + " base64");
                }
                i++;
            }
        }
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private void once(Set<String> given, String field, List<String> known) {
        if (!known.contains(field)) {
            throw invalid("there is no field '%s'; there are %s".formatted(field, known));
        }
        if (!given.add(field)) {
            throw invalid("it is given twice");
        }
    }

    private void notBoth(Set<String> given, String text, String base64) {
        if (given.contains(text) && given.contains(base64)) {
            throw invalid("%s is given as text and as base64".formatted(text));
        }
    }

    private String shown() throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "a text";
            default -> parser.getText();
        };
    }

    private RuntimeException invalid(String problem) {
        StringJoiner detail = new StringJoiner(": ");
        if (!place.isEmpty()) {
            detail.add(place);
        }
        return RequestChecks.invalid(place, detail.add(problem).toString());
    }
}
