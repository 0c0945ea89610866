package io.ackgate.gateway.partition;

/** What must hold does not: the partition stops, loudly, before it does harm. Always on. */
final class InvariantBrokenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvariantBrokenException(String detail) {
        super(detail);
    }

    /**
     * Checks what must hold. Where that is done for each batch, the caller compares and throws
     * itself: nothing is put into words, or into an array, that is not needed.
     *
     * @param format as of {@link String#format}
     */
    static void check(boolean holds, String format, Object... args) {
        if (!holds) {
            throw new InvariantBrokenException(format.formatted(args));
        }
    }
}
