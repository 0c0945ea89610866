package io.ackgate.client.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.client.ConsumedRecord;
import io.ackgate.client.ProducerRecord;
import io.ackgate.client.RecordHeader;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one command prints, the other takes. */
class RecordJsonTest {
    private static final byte[] NO_TEXT = {(byte) 0xff, 0, (byte) 0xfe};

    private static byte @Nullable [] text(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void a_record_comes_back_as_it_was() {
        for (byte[] key : new byte[][] {null, {}, text("k\n\"é"), NO_TEXT}) {
            for (byte[] value : new byte[][] {null, {}, text("{\"a\": 1.10}"), NO_TEXT}) {
                ConsumedRecord read =
                        new ConsumedRecord(
                                "from",
                                3,
                                42,
                                7,
                                key,
                                value,
                                List.of(
                                        new RecordHeader("h", text("1")),
                                        new RecordHeader("h", NO_TEXT),
                                        new RecordHeader("", null)));
                ProducerRecord again = RecordJson.read(RecordJson.write(read), "to", false);
                assertEquals("to", again.topic());
                assertNull(again.partition());
                assertEquals(3, RecordJson.read(RecordJson.write(read), "to", true).partition());
                assertEquals(7L, again.timestampMillis());
                assertArrayEquals(key, again.key());
                assertArrayEquals(value, again.value());
                assertEquals(3, again.headers().size());
                for (int i = 0; i < 3; i++) {
                    assertEquals(read.headers().get(i).key(), again.headers().get(i).key());
                    assertArrayEquals(
                            read.headers().get(i).value(), again.headers().get(i).value());
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    oops                                | is not JSON
                    5                                   | is no JSON object
                    {"vlaue":"a"}                       | has a field 'vlaue', which no record has
                    {"value":5}                         | neither a text nor null: 5
                    {"value":"a","valueBase64":"AA=="}  | has both value and valueBase64
                    {"valueBase64":"*"}                 | not base64
                    {"timestamp":1.5}                   | has the timestamp 1.5: whole milliseconds
                    {"headers":{}}                      | has headers that are no list
                    {"headers":[{"value":"a"}]}         | has a header without a name
                    """)
    void what_is_no_record_is_told_with_its_line(String document, String words) {
        LineReader lines =
                new LineReader(
                        new ByteArrayInputStream(
                                ("{\"value\":\"a\"}\n" + document)
                                        .getBytes(StandardCharsets.UTF_8)),
                        1_000);
        JsonLineRecords records = new JsonLineRecords(lines, "t", false);
        records.next();
        String message =
                String.valueOf(assertThrows(CommandFailure.class, records::next).getMessage());
        assertTrue(message.startsWith("line 2 "), message);
        assertTrue(message.contains(words), message);
    }
}
