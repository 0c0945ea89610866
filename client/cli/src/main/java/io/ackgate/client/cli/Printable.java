package io.ackgate.client.cli;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/**
 * Text of others, printed for people. A control character would command their terminal: it stands
 * as {@code \}{@code u001b}, as JSON has it. Tabs and line ends stay.
 */
final class Printable {
    private static final int FIRST_PRINTABLE = 0x20;
    private static final int DELETE = 0x7f;
    private static final int LAST_CONTROL = 0x9f;

    private Printable() {}

    /** Whether a terminal would take a character, of Unicode, for more than text. */
    static boolean isControl(int character) {
        return (character < FIRST_PRINTABLE && character != '\t' && character != '\n')
                || (character >= DELETE && character <= LAST_CONTROL);
    }

    /** What is printed instead of a control character. */
    static String escape(int control) {
        return "\\u%04x".formatted(control);
    }

    static String text(String text) {
        if (text.chars().noneMatch(Printable::isControl)) {
            return text;
        }
        StringBuilder printable = new StringBuilder();
        text.chars()
                .forEach(
                        character -> {
                            if (isControl(character)) {
                                printable.append(escape(character));
                            } else {
                                printable.append((char) character);
                            }
                        });
        return printable.toString();
    }

    /**
     * Writes what it is given to another writer, as {@link #text} says.
     *
     * @param autoFlush whether a line is there as soon as it is written
     */
    static PrintWriter writer(PrintWriter to, boolean autoFlush) {
        return new PrintWriter(new TextWriter(to), autoFlush);
    }

    private static final class TextWriter extends FilterWriter {
        private TextWriter(Writer to) {
            super(to);
        }

        @Override
        public void write(int character) throws IOException {
            out.write(text(Character.toString((char) character)));
        }

        @Override
        public void write(char[] characters, int offset, int length) throws IOException {
            out.write(text(new String(characters, offset, length)));
        }

        @Override
        public void write(String text, int offset, int length) throws IOException {
            out.write(text(text.substring(offset, offset + length)));
        }
    }
}
