package io.ackgate.client.cli;

import java.io.Console;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of records on a terminal: UTF-8 as it is, and control characters as {@link Printable}
 * has them. A byte that is no UTF-8 stands as {@code \xff}, since a terminal may know it as one.
 */
final class TerminalOutput extends FilterOutputStream {
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");
    private static final int FIRST_BEYOND_ASCII = 0x80;
    private static final int FIRST_LEAD = 0xc2;
    private static final int LAST_LEAD = 0xf4;
    private static final int CONTINUATION_BITS = 6;

    /** What has come of a character of several bytes. */
    private final byte[] character = new byte[4];

    private int have;
    private int want;

    TerminalOutput(OutputStream terminal) {
        super(terminal);
    }

    /** Whether standard output goes to a terminal, wherever standard input comes from. */
    static boolean isStandardOutput() {
        try {
            String target = Files.readSymbolicLink(STANDARD_OUTPUT).toString();
            return target.startsWith("/dev/pts/")
                    || target.startsWith("/dev/tty")
                    || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException notLinux) {
            return isTerminal(System.console());
        }
    }

    private static boolean isTerminal(@Nullable Console console) {
        return console != null && console.isTerminal();
    }

    @Override
    public void write(int given) throws IOException {
        int value = given & 0xff;
        boolean continues = value >= FIRST_BEYOND_ASCII && value < 0xc0;
        if (have > 0 && !continues) {
            giveUp();
        }
        if (value < FIRST_BEYOND_ASCII) {
            print(value);
        } else if (continues && have > 0) {
            character[have++] = (byte) value;
            if (have == want) {
                complete();
            }
        } else if (value >= FIRST_LEAD && value <= LAST_LEAD) {
            character[0] = (byte) value;
            have = 1;
            want = value < 0xe0 ? 2 : value < 0xf0 ? 3 : 4;
        } else {
            printByte(value);
        }
    }

    private void complete() throws IOException {
        int codePoint = character[0] & (0x7f >> want);
        for (int i = 1; i < want; i++) {
            codePoint = (codePoint << CONTINUATION_BITS) | (character[i] & 0x3f);
        }
        if (Printable.isControl(codePoint)) {
            print(codePoint);
        } else {
            out.write(character, 0, want);
        }
        have = 0;
    }

    private void print(int codePoint) throws IOException {
        if (Printable.isControl(codePoint)) {
            out.write(Printable.escape(codePoint).getBytes(StandardCharsets.US_ASCII));
        } else {
            out.write(codePoint);
        }
    }

    /** What has come is no character. */
    private void giveUp() throws IOException {
        for (int i = 0; i < have; i++) {
            printByte(character[i] & 0xff);
        }
        have = 0;
    }

    private void printByte(int value) throws IOException {
        out.write("\\x%02x".formatted(value).getBytes(StandardCharsets.US_ASCII));
    }
}
