package io.ackgate.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** What others have written is shown on a terminal, and commands it nothing. */
class TerminalOutputTest {
    private static String shown(byte[] bytes) throws IOException {
        ByteArrayOutputStream terminal = new ByteArrayOutputStream();
        try (TerminalOutput out = new TerminalOutput(terminal)) {
            out.write(bytes);
            out.write('\n');
        }
        return terminal.toString(StandardCharsets.UTF_8);
    }

    private static String shown(String text) throws IOException {
        return shown(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void escapes_are_shown() throws IOException {
        assertEquals("\\u001b]0;owned\\u0007\\u001b[2J\n", shown("\u001b]0;owned\u0007\u001b[2J"));
        assertEquals("good\\u000dbad\\u0008\\u007f\\u0000\n", shown("good\rbad\b\u007f\0"));
        // The same in one character, as some terminals take it.
        assertEquals("\\u009b2J\n", shown("\u009b2J"));
    }

    @Test
    void text_stays_what_it_is() throws IOException {
        String text = "a\tb\nä€𝄞\u00a0~";
        assertEquals(text + "\n", shown(text));
    }

    @Test
    void bytes_that_are_no_text_are_shown_as_bytes() throws IOException {
        // A control character of Latin-1, halves of characters, and a lead that leads nowhere.
        assertEquals("\\x9b2J\n", shown(HexFormat.of().parseHex("9b324a")));
        assertEquals("\\xc3a\\xe2\\x82\n", shown(HexFormat.of().parseHex("c361e282")));
        assertEquals("\\xff\\xc0\\x80\n", shown(HexFormat.of().parseHex("ffc080")));
        // One character, written in more bytes than it needs.
        assertFalse(shown(HexFormat.of().parseHex("e0829b")).contains("\u009b"));
        assertEquals("\\u001b[2J\n", shown(HexFormat.of().parseHex("e0809b5b324a")));
    }

    @Test
    void lines_for_people_are_printable_too() {
        StringWriter text = new StringWriter();
        PrintWriter out = Printable.writer(new PrintWriter(text), false);
        out.println("group \u001b[2J");
        out.print('\u009b');
        out.printf("%s", "a\tb");
        out.flush();
        assertEquals("group \\u001b[2J\n\\u009ba\tb", text.toString());
    }
}
