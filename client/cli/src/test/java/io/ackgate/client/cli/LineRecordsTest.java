package io.ackgate.client.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ackgate.client.ProducerRecord;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A line is a value, byte for byte. */
class LineRecordsTest {
    private static ProducerRecord only(byte[] line, @Nullable String nullValue) {
        LineRecords records =
                new LineRecords(
                        new LineReader(new ByteArrayInputStream(line), 100),
                        "t",
                        new LineRecords.KeyRule.Fixed("é"),
                        nullValue);
        ProducerRecord record = Objects.requireNonNull(records.next());
        assertNull(records.next());
        return record;
    }

    @Test
    void bytes_that_are_no_text_are_a_value_too() {
        byte[] line = {(byte) 0xff, 0, '\r', 'a'};
        assertArrayEquals(line, only(line, null).value());
        assertArrayEquals("é".getBytes(StandardCharsets.UTF_8), only(line, null).key());
    }

    @Test
    void a_tombstone_is_told_from_an_empty_line() {
        assertNull(only("NULL".getBytes(StandardCharsets.UTF_8), "NULL").value());
        assertNull(only("\n".getBytes(StandardCharsets.UTF_8), "").value());
        assertEquals(0, Objects.requireNonNull(only(new byte[] {'\n'}, "NULL").value()).length);
        assertEquals(
                4,
                Objects.requireNonNull(only("NULL".getBytes(StandardCharsets.UTF_8), null).value())
                        .length);
    }
}
