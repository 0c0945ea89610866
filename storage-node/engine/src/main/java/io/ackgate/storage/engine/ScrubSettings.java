package io.ackgate.storage.engine;

/**
 * How the scrubber goes over the logs of a node.
 *
 * @param bytesPerSecond read of all logs together, at most; 0 turns the scrubber off, and a log
 *     that a read has found damaged stays so until its owner has it made anew
 * @param intervalMillis from the beginning of one round over all logs to that of the next, at least
 * @param pieceBytes read at a time, about
 */
public record ScrubSettings(long bytesPerSecond, long intervalMillis, int pieceBytes) {
    public static final ScrubSettings DEFAULTS = new ScrubSettings(4 << 20, 86_400_000, 1 << 20);

    /** For tests and simulations: many pieces of each segment, and many rounds. */
    public static final ScrubSettings SMALL = new ScrubSettings(256 << 10, 500, 700);

    public ScrubSettings {
        if (bytesPerSecond < 0 || intervalMillis < 0 || pieceBytes <= 0) {
            throw new IllegalArgumentException(
                    "bytesPerSecond is %d, intervalMillis %d, pieceBytes %d; none may be negative"
                                    .formatted(bytesPerSecond, intervalMillis, pieceBytes)
                            + ", and pieceBytes not 0");
        }
    }

    boolean off() {
        return bytesPerSecond == 0;
    }
}
