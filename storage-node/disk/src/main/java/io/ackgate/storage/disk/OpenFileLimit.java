package io.ackgate.storage.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Scanner;

/** How many files this process may have open, as far as the system tells. */
public final class OpenFileLimit {
    /** What is assumed of a system that does not tell: the usual bound of a process. */
    private static final int UNKNOWN = 1_024;

    private static final int MOST = 1 << 18;
    private static final int LEAST = 32;

    /** Three nodes may run in one process, and the rest is for sockets and libraries. */
    private static final int SHARE = 4;

    private static final Path LINUX = Path.of("/proc/self/limits");
    private static final String LINE = "Max open files";

    private OpenFileLimit() {}

    /** Files that the process may have open. */
    public static int ofProcess() {
        try {
            return of(Files.readString(LINUX));
        } catch (IOException untold) {
            return UNKNOWN;
        }
    }

    /** The bound in force in the text of {@code /proc/self/limits}. */
    static int of(String limits) {
        for (String line : limits.lines().toList()) {
            if (line.startsWith(LINE)) {
                try (Scanner words = new Scanner(line.substring(LINE.length()))) {
                    String soft = words.hasNext() ? words.next() : "";
                    return soft.equals("unlimited") ? MOST : bounded(soft);
                }
            }
        }
        return UNKNOWN;
    }

    private static int bounded(String number) {
        try {
            return (int) Math.min(MOST, Long.parseLong(number));
        } catch (NumberFormatException untold) {
            return UNKNOWN;
        }
    }

    /** Files that one disk may have open. */
    public static int ofDisk() {
        return Math.max(LEAST, ofProcess() / SHARE);
    }
}
