package io.ackgate.gateway.partition;

import java.util.function.Supplier;

/** What must hold does not: the partition stops, loudly, before it does harm. Always on. */
public final class InvariantBrokenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InvariantBrokenException(String detail) {
        super(detail);
    }

    /**
     * Checks what must hold. Where that is done for each batch, the caller compares and throws
     * itself.
     *
     * @param detail what is wrong; put into words only if it is
     */
    public static void check(boolean holds, Supplier<String> detail) {
        if (!holds) {
            throw new InvariantBrokenException(detail.get());
        }
    }
}
