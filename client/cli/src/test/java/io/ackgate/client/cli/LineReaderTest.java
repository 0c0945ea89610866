package io.ackgate.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Lines as bytes: nothing but the line feed is taken away. */
class LineReaderTest {
    private static List<String> lines(InputStream in) {
        LineReader reader = new LineReader(in, 1_000_000);
        List<String> lines = new ArrayList<>();
        for (byte[] line = reader.next(); line != null; line = reader.next()) {
            // Each byte is a character, so that none is lost.
            lines.add(new String(line, StandardCharsets.ISO_8859_1));
        }
        return lines;
    }

    private static InputStream in(String bytes) {
        return new ByteArrayInputStream(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void bytes_are_kept_as_they_are() {
        assertEquals(List.of("a\u00ffb"), lines(in("a\u00ffb\n")));
        assertEquals(List.of("a\rb\r", "", "c"), lines(in("a\rb\r\n\nc")));
        assertEquals(List.of("\0"), lines(in("\0")));
        assertEquals(List.of(""), lines(in("\n")));
        assertEquals(List.of(), lines(in("")));
    }

    @Test
    void lines_longer_than_a_buffer_and_reads_of_a_byte() {
        String longLine = "x".repeat(200_000);
        assertEquals(List.of(longLine, "y", longLine), lines(in(longLine + "\ny\n" + longLine)));
        InputStream slow =
                new InputStream() {
                    private final InputStream all = in("ab\n\ncd");

                    @Override
                    public int read() throws IOException {
                        return all.read();
                    }

                    @Override
                    public int read(byte[] into, int offset, int length) throws IOException {
                        return all.read(into, offset, 1);
                    }
                };
        assertEquals(List.of("ab", "", "cd"), lines(slow));
    }

    @Test
    void a_line_that_is_too_long_or_cannot_be_read_is_named() {
        LineReader reader = new LineReader(in("abc\nabcd\n"), 3);
        assertEquals(3, Objects.requireNonNull(reader.next()).length);
        assertEquals(
                "line 2 has more than 3 bytes, the most that a record can have",
                assertThrows(CommandFailure.class, reader::next).getMessage());
        LineReader broken = new LineReader(new SequenceInputStream(in("ab"), failing()), 3);
        assertEquals(
                "line 1 cannot be read: java.io.IOException: Stream closed",
                assertThrows(CommandFailure.class, broken::next).getMessage());
    }

    private static InputStream failing() {
        InputStream closed = InputStream.nullInputStream();
        try {
            closed.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return closed;
    }

    @Test
    void counts_lines_and_bytes() {
        LineReader reader = new LineReader(in("a\nb"), 3);
        assertEquals(0, reader.number());
        reader.next();
        assertEquals(1, reader.number());
        reader.next();
        assertNull(reader.next());
        assertEquals(2, reader.number());
        assertEquals(3, reader.bytesRead());
    }
}
