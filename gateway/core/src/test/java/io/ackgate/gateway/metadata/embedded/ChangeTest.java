package io.ackgate.gateway.metadata.embedded;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.metadata.MetadataStore.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ChangeTest {
    private static final byte[] VALUE = "value".getBytes(StandardCharsets.UTF_8);

    @Test
    void changes_are_read_one_after_the_other_as_they_were_written() {
        byte[] put = Change.put(new Entry("schlüssel", 7, VALUE)).encode();
        byte[] delete = Change.delete("k", 8).encode();
        ByteBuffer both = ByteBuffer.allocate(put.length + delete.length).put(put).put(delete);
        both.flip();
        Change first = Change.decode(both);
        assertFalse(first.deletion());
        assertEquals("schlüssel", first.key());
        assertEquals(7, first.version());
        assertArrayEquals(VALUE, first.value());
        Change second = Change.decode(both);
        assertTrue(second.deletion());
        assertEquals("k", second.key());
        assertEquals(8, second.version());
        assertFalse(both.hasRemaining());
    }

    private static void assertIsNone(int kind, int keyBytes, int valueBytes, int rest) {
        ByteBuffer source =
                ByteBuffer.allocate(17 + rest)
                        .put((byte) kind)
                        .putLong(1)
                        .putInt(keyBytes)
                        .putInt(valueBytes);
        assertThrows(IllegalArgumentException.class, () -> Change.decode(source.rewind()));
    }

    @Test
    void what_is_not_whole_is_none_and_takes_no_memory() {
        assertIsNone(0, 1, 1, 2);
        assertIsNone(3, 1, 1, 2);
        assertIsNone(1, -1, 1, 2);
        assertIsNone(1, 1, -1, 2);
        assertIsNone(1, 1, 2, 2);
        assertIsNone(1, Integer.MAX_VALUE, Integer.MAX_VALUE, 2);
        assertThrows(IllegalArgumentException.class, () -> Change.decode(ByteBuffer.allocate(16)));
    }
}
