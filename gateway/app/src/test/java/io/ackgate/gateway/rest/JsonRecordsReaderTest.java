package io.ackgate.gateway.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.ackgate.gateway.failure.FailureException;
import io.ackgate.gateway.produce.NewRecords.NewHeader;
import io.ackgate.gateway.produce.NewRecords.NewRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records from JSON: what is stored is what was written, and what is no record is refused. */
class JsonRecordsReaderTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":12345678901234567890.123456789,\"x\":1.10,\"y\":1E400,\"z\":-0}",
                "{\"d\":1,\"d\":2}",
                "{ \"a\" : [ 1,  2 ] }",
                "[1.0, \"ж\\u00e9\"]",
                "1.10",
                "-0",
                "12345678901234567890.123456789",
                "true",
                "1E400"
            })
    void json_is_stored_as_it_was_written(String json) throws IOException {
        assertEquals(json, text(one("{\"value\":" + json + "}").value()));
        assertEquals(json, text(one("{\"key\": " + json + " }").key()));
        List<NewRecord> listed =
                JsonRecordsReader.read("[{\"value\":" + json + "} , {\"key\":\"k\"}]");
        assertEquals(json, text(listed.getFirst().value()));
    }

    @Test
    void text_is_stored_without_its_quotes() throws IOException {
        NewRecord record = one("{\"key\":\"\", \"value\":\"a\\n\\ud83d\\ude00\"}");
        assertNotNull(record.key());
        assertEquals("", text(record.key()));
        assertEquals("a\n😀", text(record.value()));
    }

    @Test
    void null_is_none_and_empty_is_not() throws IOException {
        NewRecord none = one("{\"key\":null,\"value\":null,\"headers\":null,\"timestampMs\":null}");
        assertNull(none.key());
        assertNull(none.value());
        NewRecord empty = one("{\"keyBase64\":\"\",\"value\":\"\"}");
        assertNotNull(empty.key());
        assertNotNull(empty.value());
    }

    @Test
    void bytes_as_base64() throws IOException {
        NewRecord record =
                one("{\"keyBase64\":\"/w==\",\"valueBase64\":\"AP8=\",\"timestampMs\":7}");
        assertEquals(ByteBuffer.wrap(new byte[] {(byte) 0xff}), record.key());
        assertEquals(ByteBuffer.wrap(new byte[] {0, (byte) 0xff}), record.value());
        assertEquals(7, record.timestampMillis());
    }

    @Test
    void headers_by_name_and_as_a_list() throws IOException {
        List<NewHeader> expected =
                List.of(header("a", "1"), header("a", "2"), header("a", "3"), header("b", null));
        assertEquals(
                expected,
                one("{\"value\":1,\"headers\":{\"a\":[\"1\",\"2\"],\"a\":\"3\",\"b\":null}}")
                        .headers());
        assertEquals(
                expected,
                one("{\"value\":1,\"headers\":[{\"key\":\"a\",\"value\":\"1\"},"
                                + "{\"key\":\"a\",\"valueBase64\":\"Mg==\"},"
                                + "{\"value\":\"3\",\"key\":\"a\"},{\"key\":\"b\"}]}")
                        .headers());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    null                                        |                | here is null
                    [null]                                      | [0]            | here is null
                    [{"value":"a"},null]                        | [1]            | here is null
                    5                                           |                | here is 5
                    "x"                                         |                | here is a text
                    [[{}]]                                      | [0]            | here is a list
                    {}                                          |                | the record is empty
                    {"value":"a"}{"value":"b"}                  |                | there is more in line 1 at column 14
                    [{"value":"a"}][1]                          |                | there is more
                    {"vlaue":1}                                 | vlaue          | there is no field 'vlaue'
                    {"value":1,"value":2}                       | value          | given twice
                    {"value":1,"valueBase64":"AA=="}            |                | value is given as text and as base64
                    {"valueBase64":"*"}                         | valueBase64    | not base64
                    {"valueBase64":5}                           | valueBase64    | not as 5
                    {"value":1,"timestampMs":1.5}               | timestampMs    | whole number of milliseconds, here is 1.5
                    {"value":1,"timestampMs":"7"}               | timestampMs    | here is a text
                    {"value":1,"timestampMs":9223372036854775808} | timestampMs  | 64-bit
                    {"value":1,"headers":{"a":5}}               | headers.a      | here is 5
                    {"value":1,"headers":[{"value":"1"}]}       | headers[0]     | no key
                    {"value":1,"headers":"a"}                   | headers        | headers are
                    [{"value":"\\ud800"}]                       | [0].value      | surrogate
                    """)
    void what_is_no_record_is_refused_with_its_place(String body, String place, String words) {
        FailureException refused =
                assertThrows(FailureException.class, () -> JsonRecordsReader.read(body));
        assertEquals(place == null ? "" : place, refused.failure().field());
        assertTrue(refused.failure().detail().contains(words), refused.failure().detail());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"value\":\"a\"} trash",
                "{\"value\":01}",
                "{\"value\":1",
                " ",
                "nul",
                "{'a':1}"
            })
    void what_is_no_json_is_refused(String body) {
        Exception refused = assertThrows(Exception.class, () -> JsonRecordsReader.read(body));
        assertTrue(
                refused instanceof JsonProcessingException || refused instanceof FailureException,
                refused.toString());
    }

    @Test
    void nesting_has_a_bound() {
        String deep = "[".repeat(100_000);
        assertThrows(
                JsonProcessingException.class, () -> JsonRecordsReader.read("{\"value\":" + deep));
    }

    @Test
    void a_request_has_a_bound() {
        String many = "{\"value\":1},".repeat(JsonRecordsReader.MAX_RECORDS);
        FailureException refused =
                assertThrows(
                        FailureException.class,
                        () -> JsonRecordsReader.read("[" + many + "{\"value\":1}]"));
        assertTrue(refused.failure().detail().contains("more than 10000 records"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{%s}", "{\"h\": [%s]}", "[%s]"})
    void headers_have_a_bound(String form) {
        String each =
                switch (form.length()) {
                    case 4 -> form.startsWith("{") ? "\"h\":null," : "{\"key\":\"h\"},";
                    default -> "null,";
                };
        String some = each.repeat(JsonRecordsReader.MAX_HEADERS / 2 + 1);
        String record =
                "{\"headers\":%s}".formatted(form.formatted(some.substring(0, some.length() - 1)));
        FailureException refused =
                assertThrows(
                        FailureException.class,
                        () -> JsonRecordsReader.read("[" + record + "," + record + "]"));
        assertTrue(
                refused.failure().detail().contains("more than 10000 headers"),
                refused.failure()::detail);
    }

    private static NewRecord one(String body) throws IOException {
        List<NewRecord> records = JsonRecordsReader.read(body);
        assertEquals(1, records.size());
        return records.getFirst();
    }

    private static NewHeader header(String key, @Nullable String value) {
        return new NewHeader(utf8(key), value == null ? null : utf8(value));
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(@Nullable ByteBuffer bytes) {
        return bytes == null ? "null" : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
