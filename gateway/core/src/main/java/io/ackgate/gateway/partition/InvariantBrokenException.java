package io.ackgate.gateway.partition;

/** What must hold does not: the partition stops, loudly, before it does harm. Always on. */
final class InvariantBrokenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvariantBrokenException(String detail) {
        super(detail);
    }

    static void check(boolean holds, String detail) {
        if (!holds) {
            throw new InvariantBrokenException(detail);
        }
    }
}
