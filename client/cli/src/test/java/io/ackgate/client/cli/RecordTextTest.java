package io.ackgate.client.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.ackgate.client.ConsumedRecord;
import io.ackgate.client.RecordHeader;
import io.ackgate.client.cli.RecordText.Field;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordTextTest {
    private static final byte[] NO_TEXT = {(byte) 0xff, 0};

    private static ConsumedRecord record(byte @Nullable [] key, byte @Nullable [] value) {
        return new ConsumedRecord(
                "t",
                3,
                42,
                7,
                key,
                value,
                List.of(
                        new RecordHeader("h", new byte[] {'1'}),
                        new RecordHeader("h", NO_TEXT),
                        new RecordHeader("n", null)));
    }

    private static void assertPrinted(String latin1, ConsumedRecord record, Field... fields)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new RecordText(List.of(fields), "tombstone").write(record, out);
        assertArrayEquals(latin1.getBytes(StandardCharsets.ISO_8859_1), out.toByteArray());
    }

    @Test
    void fields_stand_before_the_value_as_the_bytes_they_are() throws IOException {
        assertPrinted("\u00ff\0", record(null, NO_TEXT));
        assertPrinted(
                "3\t42\t7\t\u00ff\0\th=1,h=\u00ff\0,n=null\tv",
                record(NO_TEXT, new byte[] {'v'}),
                Field.values());
    }

    @Test
    void a_tombstone_and_a_record_without_key_can_be_told() throws IOException {
        assertPrinted("null\ttombstone", record(null, null), Field.KEY);
        assertPrinted("\t", record(new byte[0], new byte[0]), Field.KEY);
    }
}
