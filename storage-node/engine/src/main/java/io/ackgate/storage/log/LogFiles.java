package io.ackgate.storage.log;

/** Names of a log's files. */
final class LogFiles {
    static final String LOG = ".log";
    static final String INDEX = ".index";
    static final String TIME_INDEX = ".timeindex";
    static final String PRODUCERS = ".producers";
    static final String NEXT_PRODUCERS = ".producers.next";

    private static final int DIGITS = 20;

    private LogFiles() {}

    static String path(String directory, long offset, String suffix) {
        String digits = Long.toString(offset);
        return directory + "/" + "0".repeat(DIGITS - digits.length()) + digits + suffix;
    }

    /** The offset in a file name that ends with {@code suffix}, or -1 if it is no such name. */
    static long offset(String name, String suffix) {
        if (name.length() != DIGITS + suffix.length() || !name.endsWith(suffix)) {
            return -1;
        }
        try {
            return Long.parseLong(name, 0, DIGITS, 10);
        } catch (NumberFormatException notOurs) {
            return -1;
        }
    }
}
