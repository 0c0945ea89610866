package io.ackgate.client.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Values to send under load, all of one size. */
final class Payloads {
    private static final int RANDOM_VALUES = 256;
    private static final long SEED = 42;

    private Payloads() {}

    /** Printable characters that compress badly, the same in every run. */
    static byte[][] random(int bytes) {
        SplittableRandom random = new SplittableRandom(SEED);
        byte[][] values = new byte[RANDOM_VALUES][bytes];
        for (byte[] value : values) {
            for (int i = 0; i < bytes; i++) {
                value[i] = (byte) random.nextInt('!', '~');
            }
        }
        return values;
    }

    /** The lines of a file, cut to size or repeated up to it. */
    static byte[][] fromLines(Path file, int bytes) throws IOException {
        List<String> lines = Files.readAllLines(file);
        if (lines.stream().allMatch(String::isEmpty)) {
            throw new CommandFailure(file + " has no line to send");
        }
        return lines.stream()
                .filter(line -> !line.isEmpty())
                .map(line -> sized(line.getBytes(StandardCharsets.UTF_8), bytes))
                .toArray(byte[][]::new);
    }

    private static byte[] sized(byte[] line, int bytes) {
        byte[] value = Arrays.copyOf(line, bytes);
        for (int at = line.length; at < bytes; at++) {
            value[at] = line[at % line.length];
        }
        return value;
    }
}
