package io.ackgate.client.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines as bytes. A line ends with a line feed, which is not part of it; every other byte is,
 * a carriage return too. The last line need not end.
 */
final class LineReader {
    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream in;
    private final int maxLineBytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int next;
    private int end;
    private long number;
    private long bytesRead;

    /**
     * @param maxLineBytes bytes of the longest line that is taken, 1 or more
     */
    LineReader(InputStream in, int maxLineBytes) {
        this.in = in;
        this.maxLineBytes = maxLineBytes;
    }

    /** Number of the line last given, from 1; 0 before the first. */
    long number() {
        return number;
    }

    /** Bytes of the input that were read, those of unfinished lines included. */
    long bytesRead() {
        return bytesRead;
    }

    /**
     * The next line; null behind the last.
     *
     * @throws CommandFailure if it is too long, or if reading fails; names the line
     */
    byte @Nullable [] next() {
        number++;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            while (fill()) {
                int lineFeed = next;
                while (lineFeed < end && buffer[lineFeed] != '\n') {
                    lineFeed++;
                }
                if (line.size() + lineFeed - next > maxLineBytes) {
                    throw new CommandFailure(
                            "line %d has more than %d bytes, the most that a record can have"
                                    .formatted(number, maxLineBytes));
                }
                line.write(buffer, next, lineFeed - next);
                if (lineFeed < end) {
                    next = lineFeed + 1;
                    return line.toByteArray();
                }
                next = end;
            }
        } catch (IOException e) {
            throw new CommandFailure("line %d cannot be read: %s".formatted(number, e));
        }
        if (line.size() == 0) {
            number--;
            return null;
        }
        return line.toByteArray();
    }

    /** Whether there is a byte to look at. */
    private boolean fill() throws IOException {
        if (next < end) {
            return true;
        }
        next = 0;
        end = Math.max(0, in.read(buffer));
        bytesRead += end;
        return end > 0;
    }
}
